// Native dialogs. Without this script the link shows the dialog through its address.

/** Open a dialog over the page; the first field gets the focus. */
export function open(dialog) {
  if (!dialog.open) {
    dialog.showModal();
  }
}

export default function dialogLink(link) {
  const dialog = document.getElementById(link.dataset.dialog);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open(dialog);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      open(dialog);
    }
  });
  dialog.querySelectorAll("[data-dialog-close]").forEach((close) => {
    close.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  });
  dialog.addEventListener("close", () => link.focus());
}
