// A double click does one thing: the second submit of a form is dropped until the answer is there.

import { text } from "./texts.js";

const GIVE_UP_MS = 15000; // a download answers without leaving the page

function hold(form) {
  form.dataset.sending = "1";
  form.querySelectorAll("button[type=submit]").forEach((button) => {
    button.setAttribute("aria-disabled", "true");
    button.dataset.was = "ready";
    button.title = text("busy");
  });
  setTimeout(() => release(form), GIVE_UP_MS);
}

function release(form) {
  delete form.dataset.sending;
  form.querySelectorAll("[aria-disabled][data-was]").forEach((button) => {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("data-was");
    button.removeAttribute("title");
  });
}

export default function guard(form) {
  if (form.hasAttribute("data-no-guard")) {
    return;
  }
  form.addEventListener(
    "submit",
    (event) => {
      if (form.dataset.sending) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
  // The window hears of it last, when every other listener has had its chance to prevent the submit.
  window.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented) {
      hold(form);
    }
  });
  window.addEventListener("pageshow", () => release(form));
}
