/**
 * The command could not do its work (exit code 2): a plain message for the user, without a stack.
 * Anything else that is thrown is a mistake of ours.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** What is wrong, a line each. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'));
    this.problems = list;
  }
}
