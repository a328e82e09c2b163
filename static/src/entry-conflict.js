// Two people, one cell: both values are shown, and nobody overwrites unseen. One question at a time.

let asking = Promise.resolve();

/** Resolves to "mine" or "theirs"; closing the dialog keeps what is stored. */
export function askConflict(answer, name, texts) {
  asking = asking.then(() => ask(answer, name, texts));
  return asking;
}

function ask(answer, name, texts) {
  const dialog = document.getElementById("entry-conflict");
  const fill = (part, text) => (dialog.querySelector(`[data-conflict-${part}]`).textContent = text);
  fill("name", name);
  fill("by", answer.by ? `(${answer.by})` : "");
  fill("theirs", answer.theirs || texts.nothing);
  fill("mine", answer.mine || texts.nothing);
  return new Promise((resolve) => {
    let keep = "theirs";
    const choose = (event) => {
      keep = event.target.closest("[data-conflict-keep]")?.dataset.conflictKeep ?? "";
      if (keep) dialog.close();
    };
    dialog.addEventListener("click", choose);
    dialog.addEventListener(
      "close",
      () => {
        dialog.removeEventListener("click", choose);
        resolve(keep);
      },
      { once: true },
    );
    dialog.showModal();
  });
}
