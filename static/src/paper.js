// Paper forms by keyboard: a digit fills its field and goes on, Backspace goes back, Enter saves.

const form = document.getElementById("paper");
const fields = [...form.querySelectorAll("[data-digit]")];
const highest = Number(form.dataset.points);

form.addEventListener("input", (event) => {
  const place = fields.indexOf(event.target);
  if (place < 0) return;
  const digit = Number(event.target.value.slice(-1));
  if (digit >= 1 && digit <= highest) {
    event.target.value = digit;
    (fields[place + 1] ?? form.querySelector("[type=submit]")).focus();
  } else {
    event.target.value = "";
  }
});

form.addEventListener("keydown", (event) => {
  const place = fields.indexOf(event.target);
  if (place < 0) return;
  const to = { ArrowRight: place + 1, ArrowLeft: place - 1, " ": place + 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    fields[to]?.focus();
  } else if (event.key === "Backspace" && !event.target.value && place > 0) {
    event.preventDefault();
    fields[place - 1].value = "";
    fields[place - 1].focus();
  }
});
