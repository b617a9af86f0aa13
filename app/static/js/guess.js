// "Suggest categories from my text": asks with what is typed, and puts the chosen answer into the first free row.

import { text } from "./texts.js";

const FIELDS = ["title", "end_product", "subsystem", "use_description", "software_needs"];

function typed(form) {
  const fields = new URLSearchParams();
  for (const name of FIELDS) {
    fields.append(name, form.elements.namedItem(name)?.value ?? "");
  }
  for (const select of form.querySelectorAll("[data-rows=categories] [data-rows-body] select")) {
    fields.append("categories", select.value);
  }
  return fields;
}

/** Ask the server about the form's text and chip categories; return its answer as a document. */
export async function ask(url, form) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const answer = await fetch(url, {
    method: "POST",
    body: typed(form),
    headers: { "X-CSRFToken": token },
    credentials: "same-origin",
  });
  if (!answer.ok || answer.redirected) {
    throw new Error(`guess answered ${answer.status}`);
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Put a category into the first free row; return its field, null where the form takes no more. */
function choose(form, code) {
  const group = form.querySelector("[data-rows=categories]");
  const selects = () => [...group.querySelectorAll("[data-rows-body] select")];
  const has = (value) => selects().find((select) => select.value === value);
  if (!has(code) && !has("")) {
    const add = group.querySelector("[data-rows-add]");
    if (add.hidden) {
      return null;
    }
    add.click();
  }
  const field = has(code) ?? has("");
  if (field.value !== code) {
    field.value = code;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return field;
}

/** Take a chosen answer away, and go on at the next one or, after the last, in the field that took it. */
function take(form, answer, button) {
  const field = choose(form, button.dataset.guessCode);
  if (!field) {
    answer.textContent = text("rowsFull");
    return;
  }
  button.closest("li").remove();
  const next = answer.querySelector("[data-guess-code]");
  if (!next) {
    answer.replaceChildren();
  }
  (next ?? field).focus();
}

export default function guess(block) {
  const form = block.closest("form");
  const answer = block.querySelector("[data-guess-answer]");
  block.hidden = false;

  block.querySelector("[data-guess-ask]").addEventListener("click", async () => {
    answer.setAttribute("aria-busy", "true");
    try {
      const page = await ask(block.dataset.guess, form);
      answer.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
    } catch {
      answer.textContent = text("loadFailed");
    } finally {
      answer.removeAttribute("aria-busy");
    }
  });

  answer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-guess-code]");
    if (button) {
      take(form, answer, button);
    }
  });
}
