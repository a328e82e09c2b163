// A respondent's phone: one question at a time, saved as one goes, over a network that comes and goes.
//
// Everything is kept in localStorage first and sent from there. `unsent` holds what the server has not
// confirmed; it is sent again until it has. The server never sends answers back: what is shown after
// a reload comes from this phone.

import { keepPage } from "./answering-offline.js";

const form = document.getElementById("survey");
const done = document.getElementById("survey-done");
const text = form.dataset;
const storeName = `imbang-survey-${text.store}`;
const steps = [...form.querySelectorAll(".survey-step")];
const part = (name) => form.querySelector(`[data-${name}]`);
const paired = Boolean(form.querySelector('[name$="-expectation"]'));

// A crowd of phones must not send every tap; a phone that is put away sends what it has.
const ANSWERS_BEFORE_SENDING = 5;
const PAUSE_BEFORE_SENDING = 8000;
const FIRST_PAUSE_AFTER_FAILURE = 2000;
const LONGEST_PAUSE = 30_000;
const LONGEST_WAIT = 15_000;

let state = load() ?? fresh();
const page = keepPage(text.worker, () => !state.done);
let sending = false;
let timer;
let pause = FIRST_PAUSE_AFTER_FAILURE;

function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { key, answers: {}, about: {}, comment: "", unsent: {}, step: 0, all: false, submit: false, done: false };
}

function load() {
  try {
    return JSON.parse(localStorage.getItem(storeName));
  } catch {
    return null;
  }
}

function keep() {
  try {
    localStorage.setItem(storeName, JSON.stringify(state));
  } catch {
    // Private windows may refuse; the answers then live as long as the page.
  }
}

// --- Sending -------------------------------------------------------------------------------------

function changed(name) {
  // A number of its own for each change, so that what changes while it is sent stays unsent.
  state.unsent[name] = (state.unsent[name] ?? 0) + 1;
  keep();
  if (part("state").dataset.state !== "waiting") show("kept");
  schedule(Object.keys(state.unsent).length < ANSWERS_BEFORE_SENDING ? PAUSE_BEFORE_SENDING : 0);
}

function schedule(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(send, milliseconds);
}

function message() {
  const names = Object.keys(state.unsent);
  const body = { key: state.key, answers: {}, submit: state.submit };
  for (const name of names) {
    if (name in state.answers) body.answers[name] = state.answers[name];
  }
  if (names.includes("about") || state.submit) {
    const { unit, ...characteristics } = state.about;
    body.characteristics = characteristics;
    if (unit) body.unit = unit;
  }
  if (names.includes("comment")) body.comment = state.comment;
  return body;
}

async function send() {
  if (sending || state.done) return;
  if (!Object.keys(state.unsent).length && !state.submit) return;
  sending = true;
  show("saving");
  const sent = { ...state.unsent };
  const submitted = state.submit;
  const timeout = new AbortController();
  const clock = setTimeout(() => timeout.abort(), LONGEST_WAIT);
  let status = 0;
  try {
    const answer = await fetch(text.save, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(message()),
      signal: timeout.signal,
      keepalive: true,
    });
    status = answer.status;
  } catch {
    status = 0;
  } finally {
    clearTimeout(clock);
    sending = false;
  }
  settle(status, sent, submitted);
}

function settle(status, sent, submitted) {
  if (status === 200) {
    for (const [name, number] of Object.entries(sent)) {
      if (state.unsent[name] === number) delete state.unsent[name];
    }
    pause = FIRST_PAUSE_AFTER_FAILURE;
    keep();
    if (submitted) return finish();
    show("saved");
    if (Object.keys(state.unsent).length || state.submit) schedule(0);
  } else if (status === 409) {
    finish();
  } else if (status === 410 || status === 404) {
    problem(text.textClosed);
    show("");
    page.forget();
  } else if (status === 400) {
    state.submit = false;
    keep();
    problem(text.textRefused);
    show("");
  } else {
    // No network, a timeout, a crowded or a stumbling server: all of it passes.
    show(state.submit ? "sending" : "waiting");
    schedule(status === 429 ? LONGEST_PAUSE : pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

function sendNow() {
  pause = FIRST_PAUSE_AFTER_FAILURE;
  schedule(0);
}

addEventListener("online", sendNow);
document.addEventListener("visibilitychange", sendNow);

function finish() {
  state = { ...fresh(), key: state.key, done: true };
  keep();
  page.forget();
  form.hidden = true;
  done.hidden = false;
  done.focus();
}

// --- Showing -------------------------------------------------------------------------------------

function show(name) {
  const words = { kept: text.textKept, saved: text.textSaved, saving: text.textSaving, waiting: text.textWaiting, sending: text.textSending };
  const place = part("state");
  place.textContent = words[name] ?? "";
  place.dataset.state = name;
}

function problem(words) {
  const place = part("problem");
  place.textContent = words;
  place.hidden = !words;
}

function answered(code) {
  const [reality, expectation] = state.answers[code] ?? [null, null];
  return reality !== null && (!paired || expectation !== null);
}

function draw(focus) {
  const step = Math.min(state.step, steps.length - 1);
  steps.forEach((section, number) => (section.hidden = !state.all && number !== step));
  const items = steps.filter((section) => section.dataset.item);
  const number = items.filter((section) => answered(section.dataset.item)).length;
  const bar = part("progress");
  const share = Math.round((100 * number) / items.length);
  bar.querySelector(".progress-bar").style.width = `${share}%`;
  bar.querySelector(".progress").setAttribute("aria-valuenow", share);
  part("place").textContent = `${number} / ${items.length}`;
  part("back").disabled = step === 0;
  part("buttons").hidden = state.all || false;
  part("next").hidden = step === steps.length - 1;
  part("mode").textContent = state.all ? text.textStepwise : text.textAll;
  const open = items.filter((section) => !answered(section.dataset.item));
  const list = part("unanswered");
  list.hidden = !open.length;
  list.querySelector("span").textContent = open.map((section) => section.dataset.item.slice(1)).join(", ");
  if (focus) {
    steps[step].focus();
    scrollTo({ top: 0 });
  }
}

function go(by) {
  problem("");
  const code = steps[state.step]?.dataset.item;
  if (by > 0 && code && paired && state.answers[code] && !answered(code)) return problem(text.textHalf);
  state.step = Math.max(0, Math.min(steps.length - 1, state.step + by));
  keep();
  draw(true);
}

/** What is known goes into the fields; what the browser or the address put there is taken up. */
function fill() {
  for (const [code, pair] of Object.entries(state.answers)) {
    ["reality", "expectation"].forEach((side, index) => {
      const field = form.querySelector(`[name="${code}-${side}"][value="${pair[index]}"]`);
      if (field) field.checked = true;
    });
  }
  for (const field of form.querySelectorAll('select[name="unit"], select[name^="about-"], input[name="unit"]')) {
    const name = field.name.replace("about-", "");
    if (field.type === "hidden") state.about[name] = field.value;
    else field.value = state.about[name] ?? "";
  }
  const comment = form.elements.comment;
  if (comment) comment.value = state.comment;
}

form.addEventListener("change", (event) => {
  const field = event.target;
  problem("");
  const item = field.name.match(/^(q\d+)-(reality|expectation)$/);
  if (item) {
    const [, code, side] = item;
    const pair = state.answers[code] ?? [null, null];
    pair[side === "reality" ? 0 : 1] = Number(field.value);
    state.answers[code] = pair;
    changed(code);
  } else if (field.name === "comment") {
    state.comment = field.value;
    changed("comment");
  } else {
    state.about[field.name.replace("about-", "")] = field.value;
    changed("about");
  }
  draw(false);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!steps.some((section) => section.dataset.item && answered(section.dataset.item))) {
    return problem(text.textEmpty);
  }
  if (form.elements.comment && form.elements.comment.value !== state.comment) {
    state.comment = form.elements.comment.value;
    state.unsent.comment = (state.unsent.comment ?? 0) + 1;
  }
  state.submit = true;
  keep();
  sendNow();
});

part("back").addEventListener("click", () => go(-1));
part("next").addEventListener("click", () => go(1));
part("mode").addEventListener("click", () => {
  state.all = !state.all;
  keep();
  draw(true);
});
done.querySelector("[data-again]")?.addEventListener("click", () => {
  state = fresh();
  keep();
  form.reset();
  form.hidden = false;
  done.hidden = true;
  fill();
  show("");
  draw(true);
  page.keep();
});

part("progress").hidden = part("mode-line").hidden = false;
if (state.done) {
  form.hidden = true;
  done.hidden = false;
  page.forget();
} else {
  fill();
  draw(false);
  sendNow();
  page.keep();
}
