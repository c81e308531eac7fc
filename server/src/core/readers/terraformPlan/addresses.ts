/** One part of an address or a reference: a name, and the key of the instance behind it (`["a"]`, `[0]`). */
export interface Step {
  readonly name: string;
  readonly key?: string;
}

/** The longest address that is read. */
const longest = 4000;
const step = /([\p{L}_][\p{L}\p{N}_-]*|\*)?((?:\[(?:"(?:[^"\\]|\\.)*"|\d+|\*)\])*)(\.|$)/uy;

/**
 * The parts of a resource's address or of a reference in a plan's configuration: `module.irsa["a"].aws_iam_role.this[0].arn`.
 * Undefined for what is none. Source: Terraform, resource addressing.
 */
export function parseAddress(text: string): readonly Step[] | undefined {
  if (text === '' || text.length > longest) return undefined;
  const steps: Step[] = [];
  for (step.lastIndex = 0; step.lastIndex < text.length;) {
    const [whole, name, key] = step.exec(text) ?? [];
    if (!whole || name === undefined) return undefined;
    steps.push(key ? { name, key } : { name });
  }
  return steps;
}

/** The steps as an address again. */
export function formatAddress(steps: readonly Step[]): string {
  return steps.map(({ name, key = '' }) => name + key).join('.');
}
