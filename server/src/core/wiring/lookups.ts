/** What an answer was made of: facts under a key of an index, or another answer. */
interface Ingredient {
  link(answer: Answer<unknown>): boolean;
  unlink(answer: Answer<unknown>): void;
}

/** The answers that were made of something. Most things have one, which is kept without a set. */
class Dependents {
  private known: Answer<unknown> | Set<Answer<unknown>> | undefined;

  /** False where the answer is there already. */
  add(answer: Answer<unknown>): boolean {
    const { known } = this;
    if (known === undefined) this.known = answer;
    else if (known instanceof Set) {
      if (known.has(answer)) return false;
      known.add(answer);
    } else {
      if (known === answer) return false;
      this.known = new Set([known, answer]);
    }
    return true;
  }

  delete(answer: Answer<unknown>): void {
    if (this.known instanceof Set) {
      this.known.delete(answer);
      if (this.known.size === 0) this.known = undefined;
    } else if (this.known === answer) this.known = undefined;
  }

  get isEmpty(): boolean {
    return this.known === undefined;
  }

  invalidate(): void {
    const { known } = this;
    if (known instanceof Set) for (const answer of [...known]) answer.invalidate();
    else known?.invalidate();
  }
}

/** An answer that is kept until something changes that was looked up for it. */
class Answer<T> implements Ingredient {
  private readonly madeOf: Ingredient[] = [];
  private readonly dependents = new Dependents();
  private isStale = false;
  made: { readonly value: T } | undefined;

  /** @param dropped called once, when the answer no longer counts */
  constructor(private readonly dropped: (answer: Answer<T>) => void) {}

  /** Notes that something was looked up for this answer. */
  uses(ingredient: Ingredient): void {
    if (!this.isStale && ingredient.link(this as Answer<unknown>)) this.madeOf.push(ingredient);
  }

  link(answer: Answer<unknown>): boolean {
    return this.dependents.add(answer);
  }

  unlink(answer: Answer<unknown>): void {
    this.dependents.delete(answer);
  }

  invalidate(): void {
    if (this.isStale) return;
    this.isStale = true;
    for (const ingredient of this.madeOf) ingredient.unlink(this as Answer<unknown>);
    this.madeOf.length = 0;
    this.dropped(this);
    this.dependents.invalidate();
  }
}

/**
 * Records what answers look up: while one is made, each key of an index that is read is noted, and each other answer. When
 * facts come or go, the answers that looked up one of their keys are dropped, with all that were made of them. So nobody
 * has to say which facts an answer depends on.
 */
export class Lookups {
  private making: Answer<unknown> | undefined;
  private readonly answers: { forgetAll(): void }[] = [];
  private readonly derived: { settle(): void }[] = [];
  /** Another number after each change, where nothing is recorded. */
  changes = 0;

  /** @param records false where each answer is needed once, as on the command line: then any change drops all answers. */
  constructor(readonly records = true) {}

  /** True while lookups are noted. */
  get isRecording(): boolean {
    return this.making !== undefined;
  }

  /** Notes a lookup for the answer that is being made. */
  note(ingredient: Ingredient): void {
    this.making?.uses(ingredient);
  }

  /** Makes an answer, noting what is looked up for it. */
  make<T>(answer: Answer<T>, make: () => T): T {
    const outer = this.making;
    this.making = answer as Answer<unknown>;
    try {
      const value = make();
      answer.made = { value };
      return value;
    } catch (error) {
      answer.invalidate();
      throw error;
    } finally {
      this.making = outer;
    }
  }

  /** Runs something whose lookups are not those of the answer that is being made. */
  apart<T>(make: () => T): T {
    const outer = this.making;
    this.making = undefined;
    try {
      return make();
    } finally {
      this.making = outer;
    }
  }

  register(answers: { forgetAll(): void }): void {
    this.answers.push(answers);
  }

  registerDerived(derived: { settle(): void }): void {
    this.derived.push(derived);
  }

  /** Makes the derived values anew that may be others now. To be called before answers are given that were kept. */
  settle(): void {
    for (const each of this.derived) each.settle();
  }

  /** Drops every answer: something changed that any of them may depend on. */
  forgetAll(): void {
    this.changes++;
    for (const answers of this.answers) answers.forgetAll();
  }
}

/** Answers by key, each kept until something changes that was looked up for it. */
export class Answers<K, V> {
  private readonly byKey = new Map<K, Answer<V>>();
  /** Where nothing is recorded: the answers since the last change. */
  private readonly unrecorded = new Map<K, V>();
  private changes = 0;

  /** @param stale called with the key of an answer that was dropped, where lookups are recorded */
  constructor(
    private readonly lookups: Lookups,
    private readonly stale: (key: K) => void = () => undefined,
  ) {
    lookups.register(this);
  }

  /** The answer for a key; `make` is called where it is not known. An answer that leads back to itself is made without being kept. */
  get(key: K, make: () => V): V {
    if (!this.lookups.records) return this.getUnrecorded(key, make);
    const known = this.byKey.get(key);
    if (known?.made) {
      this.lookups.note(known);
      return known.made.value;
    }
    if (known) return make();
    const answer = new Answer<V>((dropped) => {
      if (this.byKey.get(key) === dropped) this.byKey.delete(key);
      this.stale(key);
    });
    this.byKey.set(key, answer);
    this.lookups.note(answer);
    return this.lookups.make(answer, make);
  }

  private getUnrecorded(key: K, make: () => V): V {
    if (this.changes !== this.lookups.changes) this.unrecorded.clear();
    this.changes = this.lookups.changes;
    const known = this.unrecorded.get(key);
    if (known !== undefined) return known;
    const before = this.lookups.changes;
    const value = make();
    // What is asked may read more files: then the answer may be another already.
    if (this.lookups.changes === before) this.unrecorded.set(key, value);
    return value;
  }

  /** Drops an answer, with those that were made of it. */
  forget(key: K): void {
    this.byKey.get(key)?.invalidate();
  }

  /** Drops all answers. */
  forgetAll(): void {
    for (const answer of [...this.byKey.values()]) answer.invalidate();
  }

  /** How many answers are kept. */
  get size(): number {
    return this.byKey.size;
  }
}

/**
 * One value that much is looked up for and that seldom changes: what depends on it is dropped when it is another, not
 * whenever something changes that it was made of.
 */
export class Derived<T> {
  private readonly kept: Answers<'value', T>;
  private readonly lookedUp: Keys<'value'>;
  private last: { readonly value: T } | undefined;
  private isStale = false;

  constructor(
    private readonly lookups: Lookups,
    private readonly make: () => T,
  ) {
    this.kept = new Answers(lookups, () => (this.isStale = true));
    this.lookedUp = new Keys(lookups);
    lookups.registerDerived(this);
  }

  get(): T {
    this.lookedUp.note('value');
    return this.now();
  }

  settle(): void {
    if (this.isStale && this.last) this.now();
  }

  private now(): T {
    const value = this.lookups.apart(() => this.kept.get('value', this.make));
    const isAnother = this.last !== undefined && this.last.value !== value;
    this.last = { value };
    this.isStale = false;
    if (isAnother && this.lookups.records) this.lookedUp.changed('value');
    return value;
  }
}

/** Keys that can be looked up, of one kind: names, paths, documents. */
export class Keys<K> {
  private readonly sources = new Map<K, Source<K>>();

  constructor(private readonly lookups: Lookups) {}

  /** A key is looked up. */
  note(key: K): void {
    if (!this.lookups.isRecording) return;
    let source = this.sources.get(key);
    if (!source) this.sources.set(key, (source = new Source(key, this.sources)));
    this.lookups.note(source);
  }

  /** What is under a key is no longer the same. */
  changed(key: K): void {
    if (this.lookups.records) this.sources.get(key)?.invalidate();
    else this.lookups.changes++;
  }

  /** How many keys answers depend on. */
  get size(): number {
    return this.sources.size;
  }
}

/** A key that answers were made of; forgotten with the last of them. */
class Source<K> implements Ingredient {
  private readonly dependents = new Dependents();

  constructor(
    private readonly key: K,
    private readonly sources: Map<K, Source<K>>,
  ) {}

  link(answer: Answer<unknown>): boolean {
    return this.dependents.add(answer);
  }

  unlink(answer: Answer<unknown>): void {
    this.dependents.delete(answer);
    if (this.dependents.isEmpty) this.sources.delete(this.key);
  }

  invalidate(): void {
    this.dependents.invalidate();
  }
}
