import { describe, expect, it } from 'vitest';
import { plan, planText, step } from '../../../server/src/core/migrate/chunk';
import type { Direction } from '../../../server/src/core/migrate/types';
import { hostOf, type Files } from '../host';
import { plainJson } from '../repositories';

/** The repository of `plainJson`, in which an image of this name is deployed. */
const deploying = (image: string, more: Files): Files => ({
  ...plainJson,
  'k8s/orders.yaml': plainJson['k8s/orders.yaml']!.replace('example/app:1', image),
  ...more,
});

const shop = 'registry.example.com/shop/orders';
const skaffold = (...images: readonly string[]): string =>
  `apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n${images.map((each) => `    - ${each}\n`).join('')}`;
const old = 'boto3==1.26.0\n';

/** What the plan says of SDKs: the account's outcome and its reasons, then the packages to check. */
const told = (files: Files, direction: Direction = 'to-pod-identity'): string[] => {
  const { accounts, packages } = plan(hostOf(files), { direction });
  return [
    ...accounts.flatMap(({ outcome, reasons }) => [
      outcome,
      ...reasons
        .filter(({ code }) => code === 'sdk-too-old')
        .map(
          ({ effect, message, line }) =>
            `${effect}: ${message}${line ? ` (${line.uri.split('/').slice(4).join('/')}:${line.line + 1})` : ''}`,
        ),
    ]),
    ...packages.map(
      ({ at, name, version, least }) => `${at.uri.split('/').slice(4).join('/')}:${at.line + 1} ${name} ${version} < ${least}`,
    ),
  ];
};

const stops =
  'stops: Deployment shop/orders has boto3 1.26.0 of services/orders/requirements.txt, from which skaffold.yaml builds its image; EKS Pod Identity needs 1.34.41 or later. Update it first. (services/orders/requirements.txt:1)';
const perhaps = (file: string): string =>
  `note: The image of Deployment shop/orders may be too old: it may have boto3 1.26.0 of ${file}; EKS Pod Identity needs 1.34.41 or later. (${file}:1)`;

describe('an image that a file says is built from a folder', () => {
  it('with an SDK that is too old stops the move, and the step', () => {
    const files = deploying(`${shop}:7`, {
      'skaffold.yaml': skaffold(`{image: ${shop}, context: services/orders}`),
      'services/orders/requirements.txt': old,
    });
    expect(told(files)).toEqual(['cannot-move', stops]);
    const { refused } = step(hostOf(files), { direction: 'to-pod-identity', step: 'expand' });
    expect(refused.map(({ reason }) => reason)).toEqual([expect.stringContaining('boto3 1.26.0 of services/orders/requirements.txt')]);
  });

  it('by Docker Compose, by a Dockerfile in a folder, by the name that an overlay gives it', () => {
    const lock = { 'services/orders/requirements.txt': old };
    const compose = (text: string): Files =>
      deploying(`${shop}:7`, { 'docker-compose.yml': `services:\n  orders:\n    image: ${shop}:dev\n${text}`, ...lock });
    const byCompose = [expect.stringMatching(/cannot-move/), expect.stringContaining('from which docker-compose.yml builds its image')];
    expect(told(compose('    build: ./services/orders\n'))).toEqual(byCompose);
    expect(told(compose('    build: {context: services/orders}\n'))).toEqual(byCompose);
    expect(told(compose('    build: {context: ., dockerfile: services/orders/Dockerfile}\n'))).toEqual(byCompose);
    expect(
      told(
        deploying('orders', {
          'skaffold.yaml': skaffold(`{image: ${shop}, context: services/orders}`),
          'k8s/kustomization.yaml': `resources: [orders.yaml]\nimages:\n  - {name: orders, newName: ${shop}, newTag: "7"}\n`,
          ...lock,
        }),
      ),
    ).toEqual(['cannot-move', stops]);
  });

  it('with an SDK that is new enough is told as checked', () => {
    expect(
      told(
        deploying(shop, {
          'skaffold.yaml': skaffold(`{image: ${shop}, context: services/orders}`),
          'services/orders/requirements.txt': 'boto3==1.40.0\n',
        }),
      ),
    ).toEqual([
      'can-move',
      'note: Checked: Deployment shop/orders has boto3 1.40.0 of services/orders/requirements.txt, which supports EKS Pod Identity. (services/orders/requirements.txt:1)',
    ]);
  });

  it('with several versions, or one that only another package brings, is a note', () => {
    const notes = (more: Files): string[] =>
      told(deploying(shop, { 'skaffold.yaml': skaffold(`{image: ${shop}, context: app}`), ...more }));
    const some = ['can-move', expect.stringMatching(/^note: Deployment shop\/orders may use an SDK that is too old: one in app\//)];
    expect(notes({ 'app/requirements.txt': old, 'app/go.mod': 'require github.com/aws/aws-sdk-go v1.50.0\n' })).toEqual(some);
    expect(notes({ 'app/go.mod': 'require github.com/aws/aws-sdk-go v1.40.0 // indirect\n' })).toEqual(some);
    // What the program itself uses decides.
    expect(
      notes({
        'app/go.mod': 'require github.com/aws/aws-sdk-go v1.40.0 // indirect\nrequire github.com/aws/aws-sdk-go-v2/config v1.30.0\n',
      }),
    ).toEqual(['can-move', expect.stringContaining('note: Checked')]);
  });

  it('is not sure where several images are built from the folder, or the file is below it', () => {
    const lock = { 'services/orders/requirements.txt': old };
    expect(
      told(
        deploying(shop, {
          'skaffold.yaml': skaffold(`{image: ${shop}, context: services/orders}`, '{image: other, context: services/orders}'),
          ...lock,
        }),
      ),
    ).toEqual(['can-move', perhaps('services/orders/requirements.txt')]);
    expect(told(deploying(shop, { 'skaffold.yaml': skaffold(`{image: ${shop}}`), ...lock }))).toEqual([
      'can-move',
      perhaps('services/orders/requirements.txt'),
    ]);
    expect(
      told(
        deploying(shop, {
          'skaffold.yaml': skaffold(`{image: ${shop}, context: services/orders}`, `{image: ${shop}, context: services/cart}`),
          ...lock,
        }),
      ),
    ).toEqual(['can-move', perhaps('services/orders/requirements.txt')]);
  });
});

it('a folder that is only called like the image is a note', () => {
  expect(told(deploying(`${shop}:7@sha256:aa`, { 'services/orders/requirements.txt': old }))).toEqual([
    'can-move',
    perhaps('services/orders/requirements.txt'),
  ]);
  expect(told(deploying(shop, { 'services/orders/requirements.txt': 'boto3==1.40.0\n' }))).toEqual(['can-move']);
});

describe('packages of which no file tells whose image they are in', () => {
  const files = deploying(shop, {
    'tools/report/requirements.txt': old,
    'requirements.txt': 'boto3==1.40.0\n',
    'test/fixtures/a/requirements.txt': old,
  });

  it('are listed at the end, those of tests aside', () => {
    expect(told(files)).toEqual(['can-move', 'tools/report/requirements.txt:1 boto3 1.26.0 < 1.34.41']);
    expect(
      planText(plan(hostOf(files), { direction: 'to-pod-identity' }), (place) => ('doc' in place ? 'there' : `file:${place.line + 1}`)),
    ).toContain(
      '\nThese packages are too old for EKS Pod Identity. Update those that are in an image of these service accounts:\n    boto3 1.26.0, needs 1.34.41 or later (file:1)\n',
    );
  });

  it('are not, where no account is left to move', () => {
    const { 'k8s/orders.yaml': _, 'iam/orders.json': __, ...others } = files;
    expect(told(others)).toEqual([]);
  });

  it('have other minimum versions on the way back', () => {
    expect(told(files, 'to-irsa')).toEqual([expect.any(String)]);
  });
});

describe('images that are tagged with the version of their program', () => {
  it.each([
    ['public.ecr.aws/eks/aws-load-balancer-controller:v2.6.2', 'aws-load-balancer-controller 2.6.2; EKS Pod Identity needs 2.7.0'],
    [
      '111122223333.dkr.ecr.eu-west-1.amazonaws.com/registry-k8s/external-dns/external-dns:v0.14.0',
      'external-dns 0.14.0; EKS Pod Identity needs 0.14.1',
    ],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.27.5', 'cluster-autoscaler 1.27.5; EKS Pod Identity needs 1.27.6'],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.25.3', 'cluster-autoscaler 1.25.3; EKS Pod Identity needs 1.28.3'],
    ['ghcr.io/external-secrets/external-secrets:v0.9.9', 'external-secrets 0.9.9; EKS Pod Identity needs 0.9.10'],
    ['quay.io/jetstack/cert-manager-controller:v1.13.6', 'cert-manager 1.13.6; EKS Pod Identity needs 1.14.0'],
    ['public.ecr.aws/karpenter/controller:v0.32.1@sha256:aa', undefined],
    ['public.ecr.aws/karpenter/controller:v0.32.1', 'Karpenter 0.32.1; EKS Pod Identity needs 0.32.2'],
    ['public.ecr.aws/karpenter/controller:v0.32.2', undefined],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.27.6', undefined],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.29.0', undefined],
    ['ghcr.io/external-secrets/external-secrets:v0.8.11', undefined],
    ['example.com/mine/external-dns:v0.1.0', undefined],
    ['registry.k8s.io/external-dns/external-dns', undefined],
    ['registry.k8s.io/external-dns/external-dns:latest', undefined],
  ])('%s', (image, words) => {
    expect(told(deploying(image, {}))).toEqual(
      words === undefined ? ['can-move'] : ['cannot-move', `stops: Deployment shop/orders has ${words} or later. Update the image first.`],
    );
  });

  it('by the tags that kustomizations give them: only if none is new enough or unknown', () => {
    const withTag = (image: string, ...tags: readonly string[]): string[] =>
      told(
        deploying(image, {
          'k8s/kustomization.yaml': `resources: [orders.yaml]\nimages:\n${tags.map((tag) => `  - {name: amazon/aws-cli, ${tag}}\n`).join('')}`,
        }),
      ).slice(0, 1);
    expect(withTag('amazon/aws-cli', 'newTag: 2.9.0')).toEqual(['cannot-move']);
    expect(withTag('amazon/aws-cli:2.9.0', 'newTag: 2.15.0')).toEqual(['can-move']);
    expect(withTag('amazon/aws-cli:2.9.0', 'newTag: 2.1.0')).toEqual(['cannot-move']);
    expect(withTag('amazon/aws-cli', 'newTag: 2.9.0', 'newTag: 2.20.0')).toEqual(['can-move']);
    expect(withTag('amazon/aws-cli', 'newName: example/cli')).toEqual(['can-move']);
    expect(withTag('amazon/aws-cli:2.9.0', 'digest: "sha256:aa"')).toEqual(['can-move']);
  });
});
