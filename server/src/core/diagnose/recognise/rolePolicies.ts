import type { PastedPolicy } from '../evidence';
import type { Recogniser } from './recogniser';
import { roleReadings } from './values';

/** So many objects of a paste are looked at, and so long ones: a trust policy has 4,096 characters at most. */
const mostObjects = 200;
const longestObject = 2 * 1024 * 1024;
const deepest = 12;

/** What `aws iam get-role` and `list-roles` print, and a trust policy by itself: JSON, in a paste with anything around it. */
export const rolePolicies: Recogniser = {
  name: 'IAM',
  read(paste, found) {
    if (!/AssumeRolePolicyDocument|sts:AssumeRole/.test(paste.text)) return;
    for (const { text, offset } of objectsIn(paste.text)) {
      if (!/AssumeRolePolicyDocument|"Statement"/.test(text)) continue;
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        continue;
      }
      for (const policy of policiesIn(json, 0)) {
        const readings = policy.arn === undefined ? [] : roleReadings(paste, policy.arn, offset, 'aws iam get-role');
        const role = readings.find(({ kind, sure }) => kind === 'role' && sure === 'told')?.value;
        found.observe({
          carrier: 'role',
          paste: paste.paste,
          offset: paste.at(offset),
          readings: [],
          policy: { text: policy.text, ...(role === undefined ? {} : { role }) },
        });
      }
    }
  },
};

/** The JSON objects that stand in a text, the outermost of each: found by their braces, strings aside. Linear. */
function* objectsIn(text: string): Generator<{ readonly text: string; readonly offset: number }> {
  let depth = 0;
  let start = 0;
  let found = 0;
  let inString = false;
  for (let i = 0; i < text.length && found < mostObjects; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"' || character === '\n') inString = false;
    } else if (character === '"') inString = depth > 0;
    else if (character === '{') {
      if (depth++ === 0) start = i;
    } else if (character === '}' && depth > 0 && --depth === 0) {
      found++;
      if (i - start < longestObject) yield { text: text.slice(start, i + 1), offset: start };
    }
  }
}

interface Found {
  readonly text: string;
  readonly arn?: string;
}

/** The trust policies in what the AWS CLI printed: those of roles, or the object itself. */
function policiesIn(json: unknown, depth: number): Found[] {
  if (typeof json !== 'object' || json === null || depth > deepest) return [];
  if (Array.isArray(json)) return json.slice(0, mostObjects).flatMap((each) => policiesIn(each, depth + 1));
  const object = json as Readonly<Record<string, unknown>>;
  const document = object['AssumeRolePolicyDocument'];
  if (document !== undefined) {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    return [{ text, ...(typeof object['Arn'] === 'string' ? { arn: object['Arn'] } : {}) }];
  }
  if (object['Statement'] !== undefined)
    return /"sts:AssumeRole/.test(JSON.stringify(object['Statement'])) ? [{ text: JSON.stringify(object) }] : [];
  return Object.values(object)
    .slice(0, mostObjects)
    .flatMap((each) => policiesIn(each, depth + 1));
}

/** The one pasted policy that is a role's; undefined where several may be meant. */
export function policyOf(policies: readonly PastedPolicy[], role: string | undefined): PastedPolicy | undefined {
  const named = policies.filter((each) => each.role !== undefined && each.role === role);
  if (named.length > 0) return named.at(-1);
  const [only, another] = policies;
  // A policy by itself is that of the role in question; one of another role is not.
  return another === undefined && only && (only.role === undefined || role === undefined) ? only : undefined;
}
