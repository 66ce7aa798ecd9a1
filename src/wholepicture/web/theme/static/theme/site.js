// Improves pages that already work without it. Keeps nothing in the browser's storage.
import { initAll } from "./vendor/govuk-frontend.min.js";

document.documentElement.classList.add("js");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A finding in the account and its entry in the panel light each other.
function light(number, on) {
  for (const part of document.querySelectorAll(`[data-finding~="${number}"]`)) part.classList.toggle("is-lit", on);
}
for (const type of ["pointerover", "focusin", "pointerout", "focusout"]) {
  document.addEventListener(type, (event) => {
    const part = event.target.closest?.("[data-finding]");
    if (part) for (const number of part.dataset.finding.split(" ")) light(number, type === "pointerover" || type === "focusin");
  });
}

// What was typed is not lost by mistake: the browser asks before leaving an account that was not handed in.
const account = document.querySelector("[data-guard]");
if (account) {
  const leave = (event) => { if (account.value.trim()) event.preventDefault(); };
  addEventListener("beforeunload", leave);
  account.form.addEventListener("submit", () => removeEventListener("beforeunload", leave));
}
