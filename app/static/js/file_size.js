// Says that a file is too large before it travels.

import { text } from "./texts.js";

const MEBIBYTE = 1024 * 1024;

export default function fileSize(input) {
  const most = Number(input.dataset.maxBytes);
  const note = document.querySelector(`[data-file-error="${CSS.escape(input.id)}"]`);

  input.addEventListener("change", () => {
    const large = [...input.files].find((file) => file.size > most);
    note.hidden = !large;
    if (large) {
      note.textContent = text("fileTooLarge", {
        name: large.name,
        size: (large.size / MEBIBYTE).toFixed(1),
        max: Math.floor(most / MEBIBYTE),
      });
      input.value = "";
    }
  });
}
