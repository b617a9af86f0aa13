// The error summary is read first.

export default function focus(element) {
  element.focus();
}
