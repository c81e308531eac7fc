/** Takes values from JSON that somebody may have edited, and notes what is not as it should be. */
export class Values {
  /** Each a sentence with its place: `accounts[0].roles[3].arn is missing.` */
  readonly problems: string[] = [];

  /** Notes a problem; after the first few they tell nothing new. */
  problem(text: string): void {
    if (this.problems.length < 20) this.problems.push(text);
  }

  object(value: unknown, place: string): Readonly<Record<string, unknown>> | undefined {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    this.problem(`${place} must be an object.`);
    return undefined;
  }

  /** The items of a list, each read by itself; one that is wrong is left out. A list that is missing is empty. */
  list<T>(value: unknown, place: string, read: (item: unknown, place: string) => T | undefined): T[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.problem(`${place} must be a list.`);
      return [];
    }
    return value.flatMap((item: unknown, i) => read(item, `${place}[${i}]`) ?? []);
  }

  /** A text that must be there. */
  text(from: Readonly<Record<string, unknown>>, key: string, place: string): string | undefined {
    const value = from[key];
    if (typeof value === 'string' && value !== '') return value;
    this.problem(`${place}.${key} ${value === undefined ? 'is missing' : 'must be a text'}.`);
    return undefined;
  }

  /** A text that may be there. */
  optional(from: Readonly<Record<string, unknown>>, key: string, place: string): string | undefined {
    const value = from[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    this.problem(`${place}.${key} must be a text.`);
    return undefined;
  }
}

/** An object of those entries that have a value. */
export function present<T extends object>(entries: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
