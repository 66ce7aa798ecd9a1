// Choosing words in a line by tap, drag or keys: the first word, then the last. Without this they are typed.
const marker = () => document.querySelector("[data-marker]");
let from = null;

function offset(line, node, at) {
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, at);
  return range.toString().length;
}

function point(line, at) {
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let left = at, node;
  while ((node = walk.nextNode())) {
    if (left <= node.length) return [node, left];
    left -= node.length;
  }
  return [line, line.childNodes.length];
}

// The word round a place: where it begins and ends, less what is only punctuation at its ends.
function word(text, at) {
  let start = at, end = at;
  while (start > 0 && !/\s/.test(text[start - 1])) start--;
  while (end < text.length && !/\s/.test(text[end])) end++;
  while (start < end && /[^\p{L}\p{N}£$]/u.test(text[start])) start++;
  while (end > start && /[^\p{L}\p{N}]/u.test(text[end - 1])) end--;
  return [start, end];
}

function take(line, start, end) {
  const text = line.textContent, form = marker();
  if (!form || end <= start) return;
  form.elements.words.value = text.slice(start, end);
  form.elements.where.value = line.dataset.line;
  // The server counts code points, the browser counts UTF-16 units.
  form.elements.start.value = [...text.slice(0, start)].length;
  const range = document.createRange();
  range.setStart(...point(line, start));
  range.setEnd(...point(line, end));
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  raise(form, true);
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = "Chosen: " + text.slice(start, end);
}

// On a narrow screen what to do with the chosen words comes up from below.
function raise(form, on) {
  form.classList.toggle("is-on", on);
  document.documentElement.classList.toggle("is-marking", on);
}

function place(event) {
  if (document.caretPositionFromPoint) {
    const p = document.caretPositionFromPoint(event.clientX, event.clientY);
    return p && [p.offsetNode, p.offset];
  }
  const r = document.caretRangeFromPoint?.(event.clientX, event.clientY);
  return r && [r.startContainer, r.startOffset];
}

document.addEventListener("click", (event) => {
  const line = event.target.closest?.("[data-log] [data-line]");
  if (!line) return;
  const selection = getSelection();
  if (!selection.isCollapsed && line.contains(selection.anchorNode) && line.contains(selection.focusNode) && selection.toString().trim() !== marker()?.elements.words.value) {
    const ends = [offset(line, selection.anchorNode, selection.anchorOffset), offset(line, selection.focusNode, selection.focusOffset)].sort((a, b) => a - b);
    const text = line.textContent;
    from = null;
    take(line, word(text, ends[0])[0], word(text, Math.max(ends[0], ends[1] - 1))[1]);
    return;
  }
  const at = place(event);
  if (!at || !line.contains(at[0])) return;
  const [start, end] = word(line.textContent, offset(line, ...at));
  if (end <= start) return;
  if (from && from.line === line && from.open) {
    take(line, Math.min(from.start, start), Math.max(from.end, end));
    from.open = false;
  } else {
    from = { line, start, end, open: true };
    take(line, start, end);
  }
});

document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.("[data-log] [data-line]");
  if (!line || !["ArrowLeft", "ArrowRight", "Enter"].includes(event.key)) return;
  event.preventDefault();
  const text = line.textContent;
  if (event.key === "Enter") { marker()?.querySelector("input[name=person]:checked, button[name=kind]")?.focus(); return; }
  const words = [...text.matchAll(/\S+/g)].map((m) => word(text, m.index)).filter(([a, b]) => b > a);
  if (!words.length) return;
  let state = line.keys ?? { first: -1, last: -1 };
  const step = event.key === "ArrowRight" ? 1 : -1;
  const last = Math.max(0, Math.min(words.length - 1, state.last + step));
  state = event.shiftKey && state.first >= 0 ? { first: state.first, last } : { first: last, last };
  line.keys = state;
  const [a, b] = [Math.min(state.first, state.last), Math.max(state.first, state.last)];
  take(line, words[a][0], words[b][1]);
});

// Typing other words lets go of the place that was tapped.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (event.target.name === "words" && form?.hasAttribute("data-marker")) form.elements.where.value = form.elements.start.value = "";
});
document.addEventListener("keydown", (event) => {
  const form = marker();
  if (event.key === "Escape" && form) { raise(form, false); getSelection().removeAllRanges(); }
});

// The person last chosen stays chosen when the page's part is put in anew.
let person = null;
document.addEventListener("change", (event) => {
  if (event.target.name === "person" && event.target.form?.hasAttribute("data-marker")) person = event.target.value;
});

// The log arrives by itself while somebody wants it to; the same button stops it.
let arriving = null;
function stop() { clearTimeout(arriving); arriving = null; }
function next() {
  const form = document.querySelector("[data-arrive]");
  if (!form) return stop();
  form.requestSubmit(form.querySelector("button:not([name])"));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-let-arrive]");
  if (!button) return;
  if (arriving) stop(); else arriving = setTimeout(next, 1200);
  settle();
});
function settle() {
  const button = document.querySelector("[data-let-arrive]");
  if (button) { button.setAttribute("aria-pressed", arriving ? "true" : "false"); button.textContent = arriving ? "Stop it arriving" : "Let it arrive by itself"; }
  const radio = person && document.querySelector(`[data-marker] input[name=person][value="${CSS.escape(person)}"]`);
  if (radio) radio.checked = true;
}
document.addEventListener("htmx:after:swap", () => { document.documentElement.classList.remove("is-marking"); from = null; settle(); if (arriving) { clearTimeout(arriving); arriving = document.querySelector("[data-arrive]") ? setTimeout(next, 4500) : null; settle(); } });
