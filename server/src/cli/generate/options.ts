import { InvalidArgumentError } from 'commander';
import type { CommonOptions } from '../console';

/** The options of `generate`, as commander gives them. */
export interface GenerateOptions extends CommonOptions {
  readonly mechanism?: string;
  readonly roleName?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly cluster?: string;
  readonly issuer?: string;
  readonly account?: string;
  readonly region?: string;
  readonly policyArn?: readonly string[];
  readonly policyFile?: string;
  readonly audience?: string;
  readonly path?: string;
  readonly permissionsBoundary?: string;
  readonly maxSessionDuration?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly for?: readonly string[];
  /** `-` prints. */
  readonly out?: string;
  readonly apply?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly aws?: boolean;
  readonly profile?: string;
  readonly snapshot?: string;
  readonly config?: string;
}

/** Collects `--tag KEY=VALUE`. */
export function collectTag(value: string, previous: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const sign = value.indexOf('=');
  if (sign < 1) throw new InvalidArgumentError('A tag has the form KEY=VALUE.');
  const key = value.slice(0, sign);
  if (previous && Object.keys(previous).some((each) => each.trim().toLowerCase() === key.trim().toLowerCase()))
    throw new InvalidArgumentError(`The tag ${key.trim()} is given twice: IAM compares keys without regard to case.`);
  return { ...previous, [key]: value.slice(sign + 1) };
}
