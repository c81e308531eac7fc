/**
 * The command could not do its work (exit code 2): a plain message for the user, without a stack.
 * Anything else that is thrown is a mistake of ours.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
}
