import { expect, test } from 'vitest';
import { clusterFacts } from '../../server/src/aws/sdk/eksClusters';

const arn = 'arn:aws:eks:eu-west-1:111122223333:cluster/demo';

test.each([
  ['a cluster that never had either', {}, { autoMode: false, hybridNodes: false }],
  ['Auto Mode', { computeConfig: { enabled: true, nodePools: ['system'] } }, { autoMode: true, hybridNodes: false }],
  ['Auto Mode that was turned off', { computeConfig: { enabled: false } }, { autoMode: false, hybridNodes: false }],
  ['hybrid nodes', { remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: ['10.0.0.0/16'] }] } }, { autoMode: false, hybridNodes: true }],
  ['no hybrid nodes any more', { remoteNetworkConfig: { remoteNodeNetworks: [] } }, { autoMode: false, hybridNodes: false }],
])('what DescribeCluster tells of the agent: %s', (_, found, expected) => {
  expect(clusterFacts(arn, { name: 'demo', version: '1.33', ...found }, 'eu-west-1', 'demo')).toEqual({
    arn,
    name: 'demo',
    region: 'eu-west-1',
    kubernetesVersion: '1.33',
    ...expected,
  });
});
