// The one script of every page. It holds nothing that others import: under its address with a version it would be
// loaded a second time by them.

import { enhance } from "./enhance.js";

document.documentElement.classList.add("has-script");
enhance(document);
