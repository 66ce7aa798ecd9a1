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

// What is typed is kept on the server as it goes. If the line drops the page says so, keeps what was typed and tries again.
const kept = document.querySelector("form[data-keep]");
if (kept) {
  const said = kept.querySelector("[data-kept]");
  let waiting = null, dirty = false, busy = false;
  const say = (text) => { said.textContent = text; };
  const later = (wait) => { clearTimeout(waiting); waiting = setTimeout(keep, wait); };
  async function keep() {
    if (busy || !dirty) return;
    busy = true;
    dirty = false;
    const body = new FormData();
    for (const name of ["narrative", "place", "version", "window", "csrfmiddlewaretoken"]) body.append(name, kept.elements[name].value);
    try {
      const answer = await fetch(kept.dataset.keep, { method: "POST", body, headers: { Accept: "application/json" } });
      const { version } = answer.ok || answer.status === 409 ? await answer.json() : {};
      if (answer.ok) { kept.elements.version.value = version; say("Kept as a draft at " + new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }) + "."); }
      else if (answer.status === 409) say("This draft is open in another window too, and was changed there. Hand this one in to see both.");
      else throw new Error(answer.status);
    } catch {
      dirty = true;
      say("Not saved yet: the line has dropped. What you typed is still here, and will be saved when it is back.");
      later(5000);
    }
    busy = false;
    if (dirty) later(2000);
  }
  kept.addEventListener("input", () => { dirty = true; later(1500); });
  addEventListener("online", () => later(0));
}

// Whoever is typing is not away: a long assessment must not end in the sign-in page.
let told = Date.now();
document.addEventListener("input", () => {
  if (Date.now() - told < 300000) return;
  told = Date.now();
  fetch("/approach").catch(() => {});
});

// A passkey or security key that was not used: say so, and what to do.
document.addEventListener("allauth.error", () => {
  for (const said of document.querySelectorAll("[data-key-said]")) said.textContent = "That did not work. Try again, or use another way.";
});

// A page that only leads on: the button is for who has no JavaScript.
document.querySelector("form[data-go]")?.requestSubmit();

// A page made to be printed: the browser's own way to print it is for who has no JavaScript.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
