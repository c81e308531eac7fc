import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../server/src/core/permissions/resourcePatterns';
import { permissionsOf } from '../../server/src/core/permissions/permissions';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { catalogue } from '../support/catalogue';
import { factsOf, permissions, roleArn } from './role';
import { runs } from '../support/runs';

/** IAM's wildcards by regular expressions: slow, and plainly right. */
function matches(pattern: string, value: string): boolean {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\/]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  ).test(value);
}

const queueNames = ['a', 'b', 'ab', 'ba', 'aab', 'abb'];
const queues = queueNames.map((name) => `arn:aws:sqs:eu-west-1:481516234212:${name}`);
const actions = ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'PurgeQueue'];

interface Plain {
  Effect: 'Allow' | 'Deny';
  Action?: string[];
  NotAction?: string[];
  Resource?: string[];
  NotResource?: string[];
}

const actionPattern = fc.constantFrom(
  ...actions.map((action) => `sqs:${action}`),
  'sqs:*',
  'sqs:*Message',
  'sqs:?urgeQueue',
  'SQS:sendmessage',
  'sqs:P*',
);
const resourcePattern = fc.oneof(
  fc.constant('*'),
  fc
    .string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 4 })
    .map((name) => `arn:aws:sqs:eu-west-1:481516234212:${name}`),
);
const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { minLength: 1, maxLength: 3 });

function statement(effect: 'Allow' | 'Deny'): fc.Arbitrary<Plain> {
  return fc
    .tuple(some(actionPattern), some(resourcePattern), fc.integer({ max: 4, min: 0 }), fc.integer({ max: 4, min: 0 }))
    .map(([a, r, negateAction, negateResource]) => ({
      Effect: effect,
      // Allow with NotAction would reach every service; the deny has it.
      ...(effect === 'Deny' && negateAction === 0 ? { NotAction: a } : { Action: a }),
      ...(negateResource === 0 ? { NotResource: r } : { Resource: r }),
    }));
}

function speaks({ Action, NotAction, Resource, NotResource }: Plain, action: string, queue: string): boolean {
  const named = (list: string[]): boolean => list.some((pattern) => matches(pattern.toLowerCase(), `sqs:${action}`.toLowerCase()));
  const on = (list: string[]): boolean => list.some((pattern) => matches(pattern, queue));
  return (Action ? named(Action) : !named(NotAction!)) && (Resource ? on(Resource) : !on(NotResource!));
}

const written = (list: readonly Plain[]): Record<string, unknown>[] => list.map((statement) => ({ ...statement }));

/** IAM's own order: a deny wins, the boundary must allow too. */
function allowed(own: readonly Plain[], boundary: readonly Plain[] | undefined, action: string, queue: string): boolean {
  const hit = (list: readonly Plain[], effect: string): boolean => list.some((one) => one.Effect === effect && speaks(one, action, queue));
  return hit(own, 'Allow') && !hit(own, 'Deny') && (!boundary || (hit(boundary, 'Allow') && !hit(boundary, 'Deny')));
}

describe('held against a plain evaluator', () => {
  const policy = fc
    .tuple(fc.array(statement('Allow'), { minLength: 1, maxLength: 3 }), fc.array(statement('Deny'), { maxLength: 2 }))
    .map(([a, d]) => [...a, ...d]);

  it('what is allowed is granted, and what is granted without reserve is allowed', () => {
    fc.assert(
      fc.property(policy, fc.option(policy, { nil: undefined }), (own, boundary) => {
        const {
          effective: { grants },
        } = permissions({ p: written(own), ...(boundary ? { boundary: written(boundary) } : {}) });
        for (const action of actions) {
          const of = grants.filter((grant) => grant.actions.some(({ name }) => name === action));
          for (const queue of queues) {
            const fitting = of.filter((grant) => grant.resources.some((resource) => matches(resource, queue)));
            const reference = allowed(own, boundary, action, queue);
            if (reference) expect(fitting.length, `${action} on ${queue} is allowed and not granted`).toBeGreaterThan(0);
            // NotResource is shown as `*` with what it leaves out; a limit or a condition says that not all of it holds.
            const sure = fitting.some(
              (grant) =>
                grant.limits.length === 0 &&
                grant.conditions.length === 0 &&
                !grant.statement.allBut &&
                !boundary?.some((one) => one.NotResource),
            );
            if (sure) expect(reference, `${action} on ${queue} is granted without reserve and not allowed`).toBe(true);
          }
        }
      }),
      { numRuns: runs(400) },
    );
  });
});

it('a pattern that covers another matches all that it matches', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
  const value = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, pattern, value, (outer, inner, text) => {
      const answer = covers(outer, inner);
      if (answer === true && matches(inner, text)) expect(matches(outer, text)).toBe(true);
      if (answer === false && matches(inner, text)) expect(matches(outer, text)).toBe(false);
      expect(covers(inner, inner)).toBe(true);
    }),
    { numRuns: runs(3_000) },
  );
});

it('any document is survived, and no order of statements changes what is granted', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (document) => {
      const facts = factsOf({}, { inline: { p: document } });
      const aws = new AwsIndex(facts, { kind: 'snapshot', label: 'snapshot' });
      expect(permissionsOf(aws, aws.role(roleArn)!, catalogue()).policies).toHaveLength(1);
    }),
    { numRuns: runs(300) },
  );
  const both = fc.array(fc.oneof(statement('Allow'), statement('Deny')), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(both, (list) => {
      expect(permissions({ p: written([...list].reverse()) }).totals).toEqual(permissions({ p: written(list) }).totals);
    }),
    { numRuns: runs(100) },
  );
});
