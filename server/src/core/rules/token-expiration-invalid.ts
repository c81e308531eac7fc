import { literal } from '../text/texts';
import type { AnnotationFact } from '../model/facts';
import { isBlock, rewrite } from './support/edits';
import { headline, lines } from '../text/message';
import { shortKey } from './support/surroundings';
import type { Fix, Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds values of \`eks.amazonaws.com/token-expiration\` that the webhook ignores or changes: values that aren't a whole number of
seconds, values below the minimum of 600, and values above 2^32, which Kubernetes rejects.

## Why

The webhook reads decimal seconds. It uses its default of 86400 for other values, and raises values below 600, without an
error. Tokens are then valid longer than intended.

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

There is hardly a reason to: the value has no effect.
`;

/** The webhook's bounds, in seconds. Source: amazon-eks-pod-identity-webhook pkg/constants.go. */
const minimum = 600;
const fallback = 86_400;
/** The API server's bound. Source: Kubernetes pkg/apis/authentication/validation. */
const maximum = 2 ** 32;

/** The token's expiration differs from the annotation. */
export const tokenExpirationInvalid: Rule = {
  id: 'token-expiration-invalid',
  level: 'warning',
  title: "The webhook doesn't accept the token expiration",
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/validation.go, pkg/constants.go; Kubernetes pkg/apis/authentication/validation',
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      if (shortKey(fact) !== 'token-expiration' || (fact.place !== 'service-account' && fact.place !== 'pod-template')) return;
      const value = literal(fact.value);
      if (!fact.value || value === undefined || value.trim() === '') return;
      // Kubernetes rejects an unquoted number in a manifest: another rule reports it.
      if (fact.valueType !== 'string' && fact.owner.kind !== undefined) return;
      const problem = judge(value);
      if (!problem) return;
      const fix = problem.seconds === undefined || isBlock(fact.value) ? [] : [change(fact, problem.seconds, problem.sure)];
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
    const change = seconds === undefined ? 'Use a plain number of seconds, for example "3600".' : `Change it to "${seconds}".`;
    return {
      message: lines(
        headline`The token expiration "${value}" isn't a whole number of seconds.`,
        `The webhook uses its default of ${fallback} seconds (24 hours).`,
        change,
      ),
      ...(seconds === undefined ? {} : { seconds }),
      sure: true,
    };
  }
  const seconds = Number(value);
  if (seconds < minimum) {
    return {
      message: lines(
        headline`The token expiration ${value} is below the minimum of ${minimum} seconds.`,
        `The webhook raises it to ${minimum}.`,
        `Use "${minimum}" or more.`,
      ),
      seconds: minimum,
      sure: false,
    };
  }
  if (seconds > maximum) {
    return {
      message: lines(
        headline`The token expiration ${value} is above the maximum of 2^32 seconds.`,
        'Kubernetes rejects the pod with "may not specify a duration larger than 2^32 seconds".',
        `Use "${fallback}" (24 hours) or less.`,
      ),
      sure: false,
    };
  }
  return undefined;
}

/** Seconds of `1h`, `90m`, `24 hours`, `86_400`, `3600.0`; undefined for other values and for those below the minimum. */
function meantSeconds(value: string): number | undefined {
  const tidy = value
    .trim()
    .replace(/^["'](.*)["']$/, '$1')
    .trim();
  const whole = /^(\d[\d_,]*)(\.0+)?$/.exec(tidy)?.[1];
  const unit = /^(\d{1,6})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|d|days?)$/i.exec(tidy);
  const factors: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
  const seconds = whole ? Number(whole.replace(/[_,]/g, '')) : unit ? Number(unit[1]) * factors[unit[2]![0]!.toLowerCase()]! : undefined;
  return seconds !== undefined && seconds >= minimum && seconds <= maximum ? seconds : undefined;
}

function change(fact: AnnotationFact, seconds: number, sure: boolean): Fix {
  const text = fact.value!;
  const title = `Change the value to ${seconds}`;
  if (text.quoted) return { title, edits: [rewrite(fact.doc, text, String(seconds))], safe: sure };
  // Bare digits would be a number, which Kubernetes refuses in an annotation.
  return { title, edits: [{ doc: fact.doc, span: text.outer, newText: `"${seconds}"`, judged: text }], safe: sure };
}
