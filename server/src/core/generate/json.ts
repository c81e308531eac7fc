/** JSON as this project writes it: two spaces, a line break at the end. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Whether two JSON texts hold the same, white space aside. */
export function sameJson(a: string, b: string): boolean {
  return compact(a) === compact(b);
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** JSON with line breaks; what is no JSON stays as it is. */
export function spread(text: string): string {
  try {
    return toJson(JSON.parse(text));
  } catch {
    return text;
  }
}
