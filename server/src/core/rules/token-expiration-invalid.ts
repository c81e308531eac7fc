import { literal } from '../text/texts';
import type { AnnotationFact } from '../model/facts';
import { isBlock, rewrite } from './support/edits';
import { shown } from '../text/shown';
import { shortKey } from './support/surroundings';
import type { Fix, Rule, RuleContext } from './rule';

const doc = `
Finds values of \`eks.amazonaws.com/token-expiration\` that the webhook passes over: what is not a whole number of
seconds, what is less than 600, and what Kubernetes refuses because it is more than 2^32.

## Why

The webhook reads decimal seconds. It takes its default of 86400 for anything else, and 600 for anything less, and says
so nowhere. Tokens then live longer than was meant.

## Wrong

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/token-expiration: "1h"
\`\`\`

## Right

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/token-expiration: "3600"
\`\`\`

## When to turn it off

Hardly ever: the value does not do what it says.
`;

/** The webhook's bounds, in seconds. Source: amazon-eks-pod-identity-webhook pkg/constants.go. */
const least = 600;
const fallback = 86_400;
/** The API server's bound. Source: Kubernetes pkg/apis/authentication/validation. */
const most = 2 ** 32;

/** The token's life is not what the annotation says. */
export const tokenExpirationInvalid: Rule = {
  id: 'token-expiration-invalid',
  level: 'warning',
  title: 'The token expiration is not a number of seconds that the webhook takes',
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/validation.go, pkg/constants.go; Kubernetes pkg/apis/authentication/validation',
  doc,
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      if (shortKey(fact) !== 'token-expiration' || (fact.place !== 'service-account' && fact.place !== 'pod-template')) return;
      const value = literal(fact.value);
      if (!fact.value || value === undefined || value.trim() === '') return;
      // An unquoted number in a manifest is refused before anybody counts.
      if (fact.valueType !== 'string' && fact.owner.kind !== undefined) return;
      const problem = judge(value);
      if (!problem) return;
      const fix = problem.seconds === undefined || isBlock(fact.value) ? [] : [mend(fact, problem.seconds, problem.sure)];
      context.report({ doc: fact.doc, span: fact.value.span, message: problem.message, fixes: fix });
    },
  },
};

interface Problem {
  readonly message: string;
  readonly seconds?: number;
  readonly sure: boolean;
}

function judge(value: string): Problem | undefined {
  if (!/^[+-]?\d+$/.test(value)) {
    const seconds = meantSeconds(value);
    const advice = seconds === undefined ? 'Write the seconds as a plain number, for example "3600".' : `Write "${seconds}".`;
    return {
      message: `"${shown(value)}" is not a whole number of seconds, so the webhook takes its default: tokens live ${fallback} seconds (24 hours). ${advice}`,
      ...(seconds === undefined ? {} : { seconds }),
      sure: true,
    };
  }
  const seconds = Number(value);
  if (seconds < least) {
    return {
      message: `Tokens live ${least} seconds at least: the webhook raises ${shown(value)} to ${least}. Write "${least}" or more.`,
      seconds: least,
      sure: false,
    };
  }
  if (seconds > most) {
    return {
      message: `Kubernetes refuses the pod: "may not specify a duration larger than 2^32 seconds". Write "${fallback}" (24 hours) or less.`,
      sure: false,
    };
  }
  return undefined;
}

/** Seconds of `1h`, `90m`, `24 hours`, `86_400`, `3600.0`; undefined for what cannot be read or is below the least. */
function meantSeconds(value: string): number | undefined {
  const tidy = value
    .trim()
    .replace(/^["'](.*)["']$/, '$1')
    .trim();
  const whole = /^(\d[\d_,]*)(\.0+)?$/.exec(tidy)?.[1];
  const unit = /^(\d{1,6})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|d|days?)$/i.exec(tidy);
  const factors: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
  const seconds = whole ? Number(whole.replace(/[_,]/g, '')) : unit ? Number(unit[1]) * factors[unit[2]![0]!.toLowerCase()]! : undefined;
  return seconds !== undefined && seconds >= least && seconds <= most ? seconds : undefined;
}

function mend(fact: AnnotationFact, seconds: number, sure: boolean): Fix {
  const text = fact.value!;
  const title = `Change the value to ${seconds}`;
  if (text.quoted) return { title, edits: [rewrite(fact.doc, text, String(seconds))], safe: sure };
  // Bare digits would be a number, which Kubernetes refuses in an annotation.
  return { title, edits: [{ doc: fact.doc, span: text.outer, newText: `"${seconds}"`, judged: text }], safe: sure };
}
