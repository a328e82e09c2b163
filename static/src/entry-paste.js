// A block copied from a spreadsheet: which of its values belongs to which cell. Nothing is guessed.

const ABSENT = /^(na|n\/a|tb|nc|n\/c|td)$/i;
const isAnswer = (text) => /^[-−]?\d[\d., ]*$/.test(text) || ABSENT.test(text);

/** Rows of a copied block, or null when it is only a piece of text. */
export function readBlock(text) {
  if (!/[\n\t]/.test(text.trim())) return null;
  return text
    .replace(/\r/g, "")
    .replace(/\n+$/, "")
    .split("\n")
    .map((row) => row.split("\t").map((value) => value.trim()));
}

/**
 * For one column of cells: a column as it is, a row turned upright, and of labels beside numbers the
 * numbers. Null where several columns hold numbers, because then nobody knows which is meant.
 */
export function oneColumn(rows) {
  if (rows.length === 1) return rows[0].map((value) => [value]);
  const width = Math.max(...rows.map((row) => row.length));
  const columns = [...Array(width).keys()].map((n) => rows.map((row) => row[n] ?? ""));
  const filled = columns.filter((column) => column.some((value) => value !== ""));
  if (filled.length <= 1) return (filled[0] ?? []).map((value) => [value]);
  const numbers = filled.filter(hasMostlyAnswers);
  return numbers.length === 1 ? numbers[0].map((value) => [value]) : null;
}

function hasMostlyAnswers(column) {
  const given = column.filter((value) => value !== "");
  return given.filter(isAnswer).length * 2 > given.length;
}
