// Has the matrix judged again while commitments are typed; what is typed travels in the body, never in an address.

import { swap } from "./swap.js";

const DELAY_MS = 600;

function body(form) {
  const fields = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("commitments-")) {
      fields.append(name, value);
    }
  }
  return fields;
}

export default function judge(section) {
  const form = section.closest("form");
  const token = document.querySelector("meta[name=csrf-token]").content;
  let timer = 0;
  let last = Promise.resolve();

  const ask = () =>
    swap(section.dataset.judge, section.dataset.target, {
      method: "POST",
      body: body(form),
      headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
    }).catch(() => {}); // the old verdict stays; saving judges again

  form.addEventListener("input", (event) => {
    if (!event.target.name?.startsWith("commitments-")) {
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(ask); // one at a time, so that an older answer never replaces a newer one
    }, DELAY_MS);
  });
}
