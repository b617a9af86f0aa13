// Native dialogs. Without this script the link shows the dialog through its address.

/** Open a dialog over the page; the first field gets the focus. */
export function open(dialog) {
  if (!dialog.open) {
    dialog.showModal();
  }
}

export default function dialogLink(link) {
  const dialog = document.getElementById(link.dataset.dialog);
  const follow = (event) => {
    event.preventDefault();
    open(dialog);
    // Only then: a dialog that a key has opened gives the focus back to the row it was on.
    dialog.addEventListener("close", () => link.focus(), { once: true });
  };
  link.addEventListener("click", follow);
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      follow(event);
    }
  });
  dialog.querySelectorAll("[data-dialog-close]").forEach((close) => {
    close.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  });
}
