/** Words by which documentation says that what it shows is a mistake. */
// eslint-disable-next-line no-restricted-syntax -- made of the literals below
const warning = new RegExp(
  [
    String.raw`\b(?:wrong(?:ly)?|incorrect(?:ly)?|bad|invalid|broken|mistakes?|mis(?:configur\w+|spel\w+|taken\w*|match\w*)|typos?|fail(?:s|ed|ing|ure|ures)?|errors?|denied|refuse[sd]?|rejected|anti-?patterns?|insecure|unsafe|bugs?|buggy|vulnerable|dangerous|overly|cannot|can['’]t|won['’]t)\b`,
    String.raw`\btoo (?:wide|broad|permissive|open)\b`,
    // Instructions are full of "if there is not one yet": only what says so of the example counts.
    String.raw`\b(?:do not|don['’]?t|never|avoid|instead of)\b(?=\W*$|[ \t]*[:.,]|\W+(?:do|use|using|write|try|copy|apply|create|grant|give|allow|put|this|the following)\b)`,
    String.raw`\b(?:will|does|do|would|should|must|could) ?(?:not|n['’]t) (?:work|match|be|do|use|help)\b`,
    String.raw`\b(?:is|are) ?(?:not|n['’]t) (?:right|correct|valid|allowed|accepted|enough|sufficient|supported|recommended|what|safe|secure|working)\b`,
    String.raw`^\W*before\W*$`,
    String.raw`[❌✗✘⛔🚫👎]`,
  ].join('|'),
  'imu',
);

/** Whether a text warns of what stands beside it. It may warn of something else: then too nothing is said, which costs less than a wrong alarm. */
export function warns(text: string): boolean {
  return warning.test(text);
}

/** What is left out on purpose: dots, and words that say so. */
const elided =
  /(?<![./])\.{3,}(?![\w/.])|…|\b(?:snip(?:ped)?|omitted|truncated|redacted|elided|abbreviated)\b|^\s*(?:#|\/\/)\s*(?:etc|rest of|other|more)\b/im;

/** Whether a text says that parts of it are left out. */
export function isElided(text: string): boolean {
  return elided.test(text);
}
