// Copies data-copy, or the text of the element named by data-copy="#id".

import { text } from "./texts.js";

export default function copy(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const wanted = button.dataset.copy;
    const source = wanted.startsWith("#") ? document.querySelector(wanted)?.textContent.trim() : wanted;
    await navigator.clipboard.writeText(source ?? "");
    const words = button.querySelector("[data-copy-text]") ?? button;
    const before = words.textContent;
    words.textContent = text("copied");
    setTimeout(() => {
      words.textContent = before;
    }, 2000);
  });
}
