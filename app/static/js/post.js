// Sends a form with data-post-target in the background and swaps that part of the page by its twin in the answer.

import { enhance } from "./enhance.js";

async function send(form, button) {
  const fields = new FormData(form);
  if (button?.name) {
    fields.append(button.name, button.value);
  }
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams([...fields].filter(([, value]) => typeof value === "string")),
    headers: { "X-Requested-With": "fetch" },
    credentials: "same-origin",
  });
  if (!answer.ok) {
    throw new Error(`form answered ${answer.status}`);
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function replace(id, page, focusId) {
  const fresh = document.adoptNode(page.getElementById(id));
  document.getElementById(id).replaceWith(fresh);
  await enhance(fresh);
  (document.getElementById(focusId) ?? fresh.querySelector("a, button, input"))?.focus({ preventScroll: true });
}

export default function post(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sending) {
      return;
    }
    form.dataset.sending = "1";
    const button = event.submitter;
    try {
      await replace(form.dataset.postTarget, await send(form, button), button?.id);
    } catch {
      const value = document.createElement("input");
      value.type = "hidden";
      value.name = button?.name ?? "";
      value.value = button?.value ?? "";
      form.append(value);
      form.submit(); // once more as a browser without scripts would
    }
  });
}
