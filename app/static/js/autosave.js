// Sends what was typed to data-autosave, a moment after the last key, and says so.

import { text } from "./texts.js";

const DELAY_MS = 1500;

function body(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrf_token") {
      fields.append(name, value);
    }
  }
  return fields;
}

async function send(form, options = {}) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const answer = await fetch(form.dataset.autosave, {
    method: "POST",
    body: body(form),
    headers: { "X-CSRFToken": token, Accept: "application/json" },
    credentials: "same-origin",
    ...options,
  });
  if (!answer.ok || answer.redirected) {
    throw new Error(`autosave answered ${answer.status}`);
  }
}

export default function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = 0;
  let isPending = false;
  let last = Promise.resolve();

  const say = (words, isBad = false) => {
    if (status) {
      status.textContent = words;
      status.classList.toggle("autosave--failed", isBad);
    }
  };

  const save = async () => {
    isPending = false;
    say(text("saving"));
    try {
      await send(form);
      const time = new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
      say(text("saved", { time }));
      if (!isPending) {
        form.dispatchEvent(new CustomEvent("autosaved"));
      }
    } catch {
      say(text("saveFailed"), true);
    }
  };

  const plan = () => {
    isPending = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(save); // one at a time, so that an older text never overtakes a newer one
    }, DELAY_MS);
  };

  form.addEventListener("input", plan);
  form.addEventListener("change", plan);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isPending = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isPending) {
      clearTimeout(timer);
      isPending = false;
      send(form, { keepalive: true }).catch(() => say(text("saveFailed"), true));
    }
  });
}
