// Asks before a changed form is left without saving; an autosaved form counts as saved.

export default function warn(form) {
  let isDirty = form.querySelector(".error-summary") !== null;

  const touch = () => {
    isDirty = true;
  };
  const settle = () => {
    isDirty = false;
  };
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  form.addEventListener("autosaved", settle);
  form.addEventListener("submit", settle);
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) {
      event.preventDefault();
    }
  });
}
