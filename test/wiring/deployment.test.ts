import { describe, expect, it } from 'vitest';
import { FactIndex } from '../../server/src/core/wiring/factIndex';
import { defaultSettings } from '../../server/src/core/config/settings';

const index = new FactIndex({
  ...defaultSettings,
  base: 'file:///repo',
  clusters: [
    { name: 'blue', paths: ['blue/**', 'shared/**'] },
    { name: 'green', paths: ['green/**', 'shared/**'] },
  ],
});
const together = (a: string, b: string) => index.together(`file:///repo/${a}`, `file:///repo/${b}`);

describe('files of different deployments', () => {
  it.each([
    ['overlays/dev/sa.yaml', 'overlays/prod/sa.yaml'],
    ['overlays/a/sa.yaml', 'overlays/b/deep/er/sa.yaml'],
    ['apps/x/overlays/one/sa.yaml', 'apps/x/overlays/two/sa.yaml'],
    ['environments/blau/sa.yaml', 'environments/gruen/sa.yaml'],
    ['clusters/c1/sa.yaml', 'clusters/c2/trust.json'],
    ['charts/a/values.yaml', 'charts/b/templates/sa.yaml'],
    ['examples/one/sa.yaml', 'examples/two/trust.json'],
    ['k8s/dev/sa.yaml', 'iam/production/trust.json'],
    ['k8s/dev/sa.yaml', 'prd/iam/roles/demo/trust.json'],
    ['dev.yaml', 'prod.yaml'],
    ['values-dev.yaml', 'values-staging.yaml'],
    ['sa.dev.yaml', 'trust.uat.json'],
    ['demo-dev/sa.yaml', 'demo-prod/sa.yaml'],
    ['preprod/sa.yaml', 'prod/sa.yaml'],
    ['pre-prod/sa.yaml', 'prod/sa.yaml'],
    ['nonprod/sa.yaml', 'prod/sa.yaml'],
    ['k8s/eu-west-1/sa.yaml', 'iam/us-east-1/trust.json'],
    ['us-gov-west-1/a.yaml', 'us-west-2/a.yaml'],
    ['111122223333/sa.yaml', '444455556666/trust.json'],
    ['acct-111122223333/sa.yaml', 'iam/444455556666-roles/trust.json'],
    ['helm/a/templates/sa.yaml', 'helm/b/templates/deploy.yaml'],
    ['blue/sa.yaml', 'green/sa.yaml'],
  ])('are never joined: %s, %s', (a, b) => {
    expect([together(a, b), together(b, a)]).toEqual([false, false]);
  });

  it.each([
    ['sa.yaml', 'trust.json'],
    ['k8s/sa.yaml', 'iam/demo-role/trust.json'],
    ['base/sa.yaml', 'overlays/dev/deploy.yaml'],
    ['app/base/sa.yaml', 'app/overlays/prod/kustomization.yaml'],
    ['k8s/dev/sa.yaml', 'iam/dev/trust.json'],
    ['k8s/dev/sa.yaml', 'iam/development/trust.json'],
    ['k8s/dev/sa.yaml', 'iam/trust.json'],
    ['overlays/dev/sa.yaml', 'overlays/dev/sub/deploy.yaml'],
    ['overlays/dev/sa.yaml', 'overlays/readme.yaml'],
    ['dev/a/sa.yaml', 'dev/b/sa.yaml'],
    ['apps/a/sa.yaml', 'apps/b/sa.yaml'],
    ['chart/templates/sa.yaml', 'chart/values.yaml'],
    ['chart/templates/sa.yaml', 'chart/templates/sub/deploy.yaml'],
    ['eu-west-1/k8s/sa.yaml', 'eu-west-1/iam/trust.json'],
    ['overlays/base/sa.yaml', 'overlays/dev/deploy.yaml'],
    ['examples/k8s/sa.yaml', 'examples/iam/trust.json'],
    ['example/app/sa.yaml', 'example/roles-of-app/trust.json'],
    ['cluster/apps/sa.yaml', 'cluster/roles/trust.json'],
    ['blue/sa.yaml', 'shared/trust.json'],
    ['blue/sa.yaml', 'elsewhere/trust.json'],
    ['developer/sa.yaml', 'products/sa.yaml'],
  ])('are one deployment when nothing tells them apart: %s, %s', (a, b) => {
    expect([together(a, b), together(b, a)]).toEqual([true, true]);
  });

  it('does not stumble over strange names', () => {
    for (const name of ['%zz', '%E0%A4%A', '', '///', 'ü/ñ %20.yaml', 'a'.repeat(100_000)]) expect(together(name, 'x/y.yaml')).toBe(true);
  });
});
