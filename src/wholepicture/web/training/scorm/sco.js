// A course that plays by itself and tells a SCORM 1.2 learning system how far somebody is. Keeps nothing in the browser.
(function () {
  "use strict";
  const course = window.COURSE, steps = course.steps, main = document.getElementById("main");
  const LIMIT = 4096, KINDS = { factor: "The person", feature: "The situation", control: "A control", harm: "Harm" };

  // The learning system's own door: looked for upwards, then in what opened this window (RTE 1.2, 3.3.6).
  function find(win) {
    for (let n = 0; win && n < 12; n++) { try { if (win.API) return win.API; } catch { return null; } if (win.parent === win) break; win = win.parent; }
    return null;
  }
  const api = find(window) || (window.opener && find(window.opener)) || null;
  const get = (name) => (api ? api.LMSGetValue(name) : "");
  const set = (name, value) => { if (api) api.LMSSetValue(name, String(value)); };
  const begun = Date.now();
  if (api) api.LMSInitialize("");

  // One character a step: "0" not done, "1" done; scenarios have two digits of mark after it, "--" for none.
  const state = { at: 0, done: steps.map(() => 0), marks: steps.map(() => null), passed: steps.map(() => 0) };
  function write() {
    const text = "1;" + steps.map((s, n) => state.done[n] + (s.kind === "scenario" ? (state.marks[n] === null ? "--" : String(Math.min(99, state.marks[n])).padStart(2, "0")) + state.passed[n] : "")).join("");
    return text.length <= LIMIT ? text : text.slice(0, LIMIT);
  }
  function read(text) {
    if (!text || !text.startsWith("1;")) return;
    let at = 2;
    steps.forEach((s, n) => {
      state.done[n] = text[at++] === "1" ? 1 : 0;
      if (s.kind === "scenario") { const m = text.slice(at, at + 2); state.marks[n] = /^\d\d$/.test(m) ? Number(m) : null; at += 2; state.passed[n] = text[at++] === "1" ? 1 : 0; }
    });
  }
  read(get("cmi.suspend_data"));
  const place = Number.parseInt(get("cmi.core.lesson_location"), 10);
  if (place >= 0 && place < steps.length) state.at = place;

  function span(ms) {
    const s = Math.floor(ms / 1000), two = (n) => String(n).padStart(2, "0");
    return String(Math.floor(s / 3600)).padStart(4, "0") + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
  }
  function tell() {
    const whole = state.done.every(Boolean), marked = steps.map((s, n) => n).filter((n) => steps[n].kind === "scenario");
    const known = marked.filter((n) => state.marks[n] !== null);
    const score = known.length ? Math.round(known.reduce((sum, n) => sum + state.marks[n], 0) / marked.length) : whole ? 100 : 0;
    set("cmi.core.score.min", 0); set("cmi.core.score.max", 100); set("cmi.core.score.raw", score);
    const passed = marked.every((n) => state.passed[n]);
    set("cmi.core.lesson_status", !whole ? "incomplete" : marked.length && !passed ? "completed" : "passed");
    set("cmi.core.lesson_location", state.at);
    set("cmi.suspend_data", write());
    if (api) api.LMSCommit("");
    const n = state.done.filter(Boolean).length;
    document.getElementById("standing").textContent = n + " of " + steps.length + " steps done" + (known.length ? ", mark " + score : "");
  }
  let over = false;
  function end() {
    if (over || !api) return;
    over = true;
    set("cmi.core.session_time", span(Date.now() - begun));
    set("cmi.core.exit", state.done.every(Boolean) ? "" : "suspend");
    api.LMSCommit(""); api.LMSFinish("");
  }
  addEventListener("pagehide", end); addEventListener("beforeunload", end);

  function el(tag, attributes, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) if (name.startsWith("on")) made.addEventListener(name.slice(2), value); else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
    for (const part of inside.flat()) if (part !== null && part !== undefined) made.append(part);
    return made;
  }
  function show(...parts) { main.replaceChildren(...parts.flat().filter(Boolean)); main.focus(); scrollTo(0, 0); }
  function go(n) { state.at = n; tell(); draw(); }
  function onward(done) { if (done) state.done[state.at] = 1; const next = steps.findIndex((s, n) => n > state.at && !state.done[n]); go(next >= 0 ? next : state.done.every(Boolean) ? -1 : steps.findIndex((s, n) => !state.done[n])); }

  function draw() {
    if (state.at < 0) return contents();
    const step = steps[state.at];
    ({ reading, check, scenario })[step.kind](step);
  }
  function top(step) { return [el("p", { class: "quiet" }, step.module, " · ", el("button", { class: "plain", onclick: contents }, "All steps")), el("h1", {}, step.title)]; }
  function contents() {
    const all = state.done.every(Boolean);
    show(el("h1", {}, course.title), el("p", {}, course.about), all ? el("p", { class: "box" }, "You have done all of it.") : null,
      el("ol", {}, steps.map((s, n) => el("li", {}, el("button", { class: "plain", onclick: () => go(n) }, s.title), " ", state.done[n] ? "✓ done" : s.kind))));
  }
  function reading(step) {
    const body = el("div", {}); body.innerHTML = step.html; // made safe when the package was made
    show(top(step), body, el("button", { onclick: () => onward(true) }, "I have read this: go on"));
  }
  function check(step) {
    const form = el("form", { onsubmit: (e) => { e.preventDefault(); answered(step, form); } }, step.questions.map((q, n) => el("fieldset", {}, el("legend", {}, q.text, q.several ? " Choose all that are right." : ""), q.options.map((o, k) => el("label", {}, el("input", { type: q.several ? "checkbox" : "radio", name: "q" + n, value: k }), o.text)))), el("button", {}, "Check your answers"));
    show(top(step), form);
  }
  function answered(step, form) {
    const rows = step.questions.map((q, n) => {
      const chosen = [...form.querySelectorAll("[name=q" + n + "]:checked")].map((i) => Number(i.value));
      const right = q.options.every((o, k) => o.right === chosen.includes(k));
      return el("section", {}, el("h2", {}, q.text), el("p", {}, right ? "✓ Right" : "Not quite"), el("ul", {}, q.options.map((o, k) => el("li", {}, el("strong", {}, o.text), o.right ? " (right)" : "", chosen.includes(k) ? " (you chose this)" : "", o.why ? " " + o.why : ""))));
    });
    show(top(step), rows, el("button", { onclick: () => onward(true) }, "Go on"));
  }

  // A scenario: read and mark, ask, judge, debrief.
  function scenario(step) {
    const work = { marks: [], asked: [], chosen: null, from: null, grade: "", actions: new Set() };
    show(top(step), el("p", {}, step.briefing), el("p", { class: "quiet" }, "Mark only what you would act on or ask about. There may be a lot here, or nothing. You have " + step.minutes + " minutes for questions."), el("button", { onclick: () => play(step, work) }, "Begin"));
  }
  function given(step, work) {
    const closed = new Set(), before = new Set();
    return work.asked.map((id) => {
      const a = step.asks.find((x) => x.id === id), open = !closed.has(a.person) && (!a.needs || before.has(a.needs));
      if (a.closes) closed.add(a.person);
      before.add(id);
      return { ask: a, open, text: open ? a.answer : a.guarded };
    });
  }
  // The package counts code points, as the course does.
  const points = (text) => [...text];
  function spans(text) { return [...text.matchAll(/\S+/g)].map((m) => ({ word: m[0], start: points(text.slice(0, m.index)).length, end: points(text.slice(0, m.index + m[0].length)).length })); }
  function lines(step, work, decorate) {
    const rows = step.log.map((x) => ({ id: x.id, head: (x.time + " " + x.who).trim(), text: x.text, open: true })).concat(given(step, work).map((g) => ({ id: g.ask.id, head: "You asked " + g.ask.whom + ": " + g.ask.text, text: g.text, open: g.open, answer: true })));
    return rows.map((row) => el("div", { class: "line" + (row.answer ? " answer" : "") }, el("small", {}, row.head), el("p", {}, spans(row.text).flatMap((w) => [decorate(row, w), " "]))));
  }
  function play(step, work) {
    const spent = work.asked.reduce((n, id) => n + step.asks.find((a) => a.id === id).minutes, 0), left = step.minutes - spent;
    const inside = (m, row, w) => m.where === row.id && m.start <= w.start && w.end <= m.end;
    const log = lines(step, work, (row, w) => {
      const on = work.chosen && inside(work.chosen, row, w), marked = work.marks.some((m) => inside(m, row, w));
      return el("span", { class: "word" + (on ? " chosen" : marked ? " marked" : ""), role: "button", tabindex: w.start === 0 || on ? 0 : -1, "aria-pressed": on ? "true" : "false", "data-word": row.id + ":" + w.start,
        onclick: () => pick(row, w), onkeydown: (e) => { const near = { ArrowRight: e.target.nextElementSibling, ArrowLeft: e.target.previousElementSibling }[e.key]; if (near) { e.preventDefault(); near.focus(); } if (e.key === "Enter" || e.key === " ") { e.preventDefault(); pick(row, w); } } }, w.word);
    });
    function pick(row, w) {
      if (work.from && work.from.where === row.id) { work.chosen = { where: row.id, start: Math.min(work.from.start, w.start), end: Math.max(work.from.end, w.end), text: row.text }; work.from = null; }
      else { work.from = { where: row.id, start: w.start, end: w.end }; work.chosen = { ...work.from, text: row.text }; }
      again(row.id + ":" + w.start);
    }
    function again(focus) { const y = scrollY; play(step, work); scrollTo(0, y); if (focus) main.querySelector('[data-word="' + CSS.escape(focus) + '"]')?.focus({ preventScroll: true }); }
    const words = work.chosen ? points(work.chosen.text).slice(work.chosen.start, work.chosen.end).join("") : "";
    const person = el("select", { "aria-label": "About whom?" }, step.people.map((p) => el("option", { value: p.code }, p.label)));
    show(top(step), log,
      el("h2", {}, "Mark"), words ? el("p", { "aria-live": "polite" }, "“" + words + "”") : el("p", { class: "quiet" }, "Choose the first word, then the last: by tap, or with Tab, the arrow keys and Enter."), person,
      el("p", {}, Object.entries(KINDS).map(([kind, name]) => el("button", { class: "plain", "data-kind": kind, onclick: () => { if (!work.chosen) return; work.marks.push({ ...work.chosen, words, kind, person: person.value }); work.chosen = work.from = null; again(); } }, name))),
      work.marks.length ? el("ul", {}, work.marks.map((m, n) => el("li", {}, "“" + m.words + "” ", el("span", { class: "quiet" }, KINDS[m.kind] + ", " + step.people.find((p) => p.code === m.person).label), " ", el("button", { class: "plain", onclick: () => { work.marks.splice(n, 1); again(); } }, "Take away")))) : null,
      el("h2", {}, "Ask (" + left + " minutes left)"), el("ul", {}, step.asks.filter((a) => !work.asked.includes(a.id)).map((a) => el("li", {}, a.whom + ": “" + a.text + "” ", a.minutes <= left ? el("button", { class: "plain", "data-ask": a.id, onclick: () => { work.asked.push(a.id); again(); } }, "Ask, " + a.minutes + " min") : el("span", { class: "quiet" }, "no time")))),
      el("h2", {}, "Judge"), el("fieldset", {}, el("legend", {}, "How do you grade the risk?"), ["standard", "medium", "high"].map((g) => el("label", {}, el("input", { type: "radio", name: "grade", value: g, checked: work.grade === g, onchange: () => { work.grade = g; } }), g))),
      el("fieldset", {}, el("legend", {}, "What has to be done?"), step.actions.map((a, n) => el("label", {}, el("input", { type: "checkbox", value: n, checked: work.actions.has(n), onchange: (e) => { if (e.target.checked) work.actions.add(n); else work.actions.delete(n); } }), a.name))),
      el("p", { id: "wrong", role: "alert" }), el("button", { "data-hand-in": true, onclick: () => { if (!work.grade) { document.getElementById("wrong").textContent = "Grade the risk first."; return; } debrief(step, work); } }, "Hand in and see the debrief"));
  }

  // As docs/measurement.md: what is noticed, what is imagined, and passages that hold nothing.
  function marked(step, work) {
    const answers = given(step, work), readable = new Set(step.log.map((x) => x.id).concat(answers.filter((g) => g.open).map((g) => g.ask.id)));
    const texts = new Map(step.log.map((x) => [x.id, x.text]).concat(answers.map((g) => [g.ask.id, g.text])));
    const meet = (m, t) => m.where === t.where ? Math.max(0, Math.min(m.end, t.end) - Math.max(m.start, t.start)) : 0;
    const fits = (m, t) => meet(m, t) > 0 && m.end - m.start <= 3 * (t.end - t.start) + 20;
    const pairs = [];
    step.targets.forEach((t) => { if (readable.has(t.where)) work.marks.forEach((m, n) => { if (fits(m, t)) pairs.push([m.person !== t.person, m.kind !== t.kind, -meet(m, t), t, n]); }); });
    pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3].start - b[3].start);
    const taken = new Map(), used = new Set();
    for (const [, , , t, n] of pairs) if (!taken.has(t.id) && !used.has(n)) { taken.set(t.id, n); used.add(n); }
    const imagined = work.marks.filter((m, n) => !used.has(n) && !step.targets.some((t) => fits(m, t) && (t.contested || t.person === m.person)));
    const scored = step.targets.filter((t) => !t.contested && readable.has(t.where)), hits = scored.filter((t) => taken.has(t.id)).length;
    let noise = 0, alarms = 0;
    for (const [where, text] of texts) for (const p of text.matchAll(/[^.!?;:,\n]+/g)) {
      if (p[0].trim().split(/\s+/).length < 2) continue;
      const start = points(text.slice(0, p.index)).length + p[0].length - p[0].trimStart().length, end = points(text.slice(0, p.index + p[0].trimEnd().length)).length;
      if (readable.has(where) && step.targets.some((t) => t.where === where && t.start < end && start < t.end)) continue;
      noise++; if (imagined.some((m) => m.where === where && m.start < end && start < m.end)) alarms++;
    }
    const critical = step.targets.filter((t) => t.critical && !t.contested && !taken.has(t.id)).map((t) => "“" + t.words + "”: " + t.name)
      .concat(step.actions.filter((a, n) => a.critical && (a.worth === "needed" ? !work.actions.has(n) : a.worth === "unsafe" && work.actions.has(n))).map((a) => a.name + ". " + a.why));
    const seen = scored.length ? hits / scored.length : null, wrong = noise ? alarms / noise : null;
    const passed = !critical.length && (seen === null || seen >= course.hits) && (wrong === null || wrong <= course.falseAlarms);
    const shares = [seen, wrong === null ? null : 1 - wrong].filter((x) => x !== null), mean = shares.length ? Math.round((100 * shares.reduce((a, b) => a + b, 0)) / shares.length) : 0;
    return { taken, readable, imagined, hits, of: scored.length, critical, passed, mark: passed ? Math.max(50, mean) : Math.min(49, mean) };
  }
  function debrief(step, work) {
    const m = marked(step, work), n = state.at;
    state.done[n] = 1; state.marks[n] = Math.min(99, m.mark); state.passed[n] = m.passed ? 1 : state.passed[n];
    tell();
    const log = lines(step, work, (row, w) => {
      const t = row.open && step.targets.find((x) => x.where === row.id && x.start < w.end && w.start < x.end), wrong = m.imagined.some((x) => x.where === row.id && x.start < w.end && w.start < x.end);
      return el("span", { class: t ? (t.contested ? "contested" : m.taken.has(t.id) ? "found" : "missed") : wrong ? "imagined" : false }, w.word);
    });
    show(top(step), el("p", {}, step.targets.length ? "You saw " + m.hits + " of " + m.of + " that were there to be read. " : "Nothing was wrong here. ", m.imagined.length ? m.imagined.length + " of your marks stood on nothing." : "You imagined nothing.", " ", el("strong", {}, m.passed ? "Passed." : "Look at it again.")),
      m.critical.length ? el("div", { class: "box" }, el("h2", {}, "What could not be missed"), el("ul", {}, m.critical.map((c) => el("li", {}, c)))) : null, el("p", {}, el("strong", {}, step.teaches)), log,
      el("p", { class: "quiet" }, el("span", { class: "found" }, "you saw"), " ", el("span", { class: "missed" }, "you missed"), " ", el("span", { class: "imagined" }, "not a sign here"), " ", el("span", { class: "contested" }, "can be seen either way")),
      step.targets.length ? el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Words"), el("th", { scope: "col" }, "What they show"), el("th", { scope: "col" }, "You"))), el("tbody", {}, step.targets.filter((t) => !t.contested).map((t) => el("tr", {}, el("td", {}, "“" + t.words + "”"), el("td", {}, t.name + ". " + t.why), el("td", {}, m.taken.has(t.id) ? "✓ found" : m.readable.has(t.where) ? "missed" : "not asked"))))) : null,
      el("h2", {}, "Grade and actions"), el("p", {}, "The key grades this " + step.grade + "; you said " + work.grade + ". " + step.gradeWhy), el("ul", {}, step.actions.map((a, k) => el("li", {}, el("strong", {}, a.name), " (" + a.worth + (work.actions.has(k) ? ", chosen" : "") + "). " + a.why))),
      el("button", { onclick: () => onward(true) }, "Go on"), el("button", { class: "plain", onclick: () => scenario(step) }, "Try it again"));
  }
  tell();
  draw();
})();
