// How many characters are left in a text; data-counter is the id of the field.

import { text } from "./texts.js";

export default function counter(note) {
  const field = document.getElementById(note.dataset.counter);
  const most = Number(note.dataset.max);
  field.removeAttribute("maxlength"); // a pasted text must not be cut silently

  const show = () => {
    const left = most - [...field.value].length;
    note.textContent = left < 0 ? text("charactersOver", { n: -left }) : text("charactersLeft", { n: left });
    note.classList.toggle("field__counter--over", left < 0);
  };
  field.addEventListener("input", show);
  show();
}
