/** Words by which documentation says that what it shows is a mistake. */
const warning =
  /\b(?:wrong(?:ly)?|incorrect(?:ly)?|bad|invalid|broken|mistakes?|mis(?:configur\w+|spel\w+|taken\w*|match\w*)|typos?|fail(?:s|ed|ing|ure|ures)?|errors?|denied|refused?|rejected|anti-?patterns?|avoid|never|insecure|unsafe|bug(?:gy|s)?|(?:do|does|did|will|would|should|must|is|are|can|could) ?(?:not|n['’]t)|don['’]t|won['’]t|cannot|can['’]t|vulnerable|dangerous|overly|too (?:wide|broad|permissive|open)|deprecated|legacy|obsolete)\b|^\W*before\W*$|[❌✗✘⛔🚫👎]/imu;

/** Whether a text warns of what stands beside it. It may warn of something else: then too nothing is said, which costs less than a wrong alarm. */
export function warns(text: string): boolean {
  return warning.test(text);
}

/** What is left out on purpose: dots, and words that say so. */
const elided = /(?<![./])\.{3,}(?![\w/.])|…|\b(?:snip(?:ped)?|omitted|truncated|redacted|elided|abbreviated)\b|^\s*(?:#|\/\/)\s*(?:etc|rest of|other|more)\b/im;

/** Whether a text says that parts of it are left out. */
export function isElided(text: string): boolean {
  return elided.test(text);
}
