// Fetch and swap: data-get is an address, data-target the id of the part that its answer replaces.
// The answer may be a whole page; then only the part with the same id is taken.

import { enhance } from "./enhance.js";
import { text } from "./texts.js";

/** Replace the element called id by its twin in the page at url; return the fetched document. options: of fetch. */
export async function swap(url, id, options = {}) {
  const target = document.getElementById(id);
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin", ...options });
    if (!answer.ok) {
      throw new Error(`part answered ${answer.status}`);
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById(id);
    const fresh = part ? document.adoptNode(part) : wrap(target, page.body);
    target.replaceWith(fresh);
    await enhance(fresh);
    return page;
  } finally {
    document.getElementById(id)?.removeAttribute("aria-busy");
  }
}

function wrap(target, body) {
  const shell = target.cloneNode(false);
  shell.append(...[...body.childNodes].map((node) => document.adoptNode(node)));
  return shell;
}

export default function swapOnClick(trigger) {
  trigger.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) {
      return; // a new tab was asked for
    }
    event.preventDefault();
    const id = trigger.dataset.target.replace(/^#/, "");
    try {
      await swap(trigger.dataset.get || trigger.href, id);
      if (trigger.hasAttribute("data-push")) {
        history.pushState({}, "", trigger.dataset.get || trigger.href);
      }
    } catch {
      const words = document.createElement("p");
      words.className = "field__errors";
      words.setAttribute("role", "alert");
      words.textContent = text("loadFailed");
      document.getElementById(id)?.prepend(words);
    }
  });
}
