import { expect, it } from 'vitest';
import { finished, plan, planning, step, stepInSteps } from '../../server/src/core/migrate/chunk';
import { hostOf, type Files } from './host';
import { irsaStatement, manifest, roleArn, settings, trust } from './repositories';

const names = Array.from({ length: 30 }, (_, i) => `app-${i}`);
const many: Files = {
  'pod-roles.yaml': settings(),
  ...Object.fromEntries(
    names.flatMap((name) => [
      [`k8s/${name}.yaml`, manifest(name, roleArn(name))],
      [`iam/${name}.json`, trust(irsaStatement(`system:serviceaccount:shop:${name}`))],
    ]),
  ),
};

it('a plan and a step are made in steps, several for each account, and come to the same', () => {
  for (const [whole, steps] of [
    [plan(hostOf(many), { direction: 'to-pod-identity' }), planning(hostOf(many), { direction: 'to-pod-identity' })],
    [
      step(hostOf(many), { direction: 'to-pod-identity', step: 'expand' }),
      stepInSteps(hostOf(many), { direction: 'to-pod-identity', step: 'expand' }),
    ],
  ] as const) {
    let count = 0;
    const counted = (function* () {
      for (let each = steps.next(); ; each = steps.next()) {
        if (each.done) return each.value;
        count++;
        yield;
      }
    })();
    expect(JSON.stringify(finished(counted))).toEqual(JSON.stringify(whole));
    expect(count).toBeGreaterThan(3 * names.length);
  }
});
