import { callers } from './callers';
import { certManager } from './certManager';
import { cloudTrail } from './cloudTrail';
import { cpp, fluentBit } from './cpp';
import { csiDrivers } from './csiDrivers';
import { describe } from './describe';
import { dotnet } from './dotnet';
import { eksApi } from './eksApi';
import { environment } from './environment';
import { envoy } from './envoy';
import { externalDns } from './externalDns';
import { externalSecrets } from './externalSecrets';
import { goV1, goV2 } from './go';
import { hostsReached } from './hosts';
import { javaV1, javaV2 } from './java';
import { javascriptV2, javascriptV3 } from './javascript';
import { karpenter } from './karpenter';
import { kubernetesEvents } from './kubernetesEvents';
import { kubernetesObjects } from './kubernetesObjects';
import { loadBalancerController } from './loadBalancerController';
import { php } from './php';
import { podIdentityAgent } from './podIdentityAgent';
import { python } from './python';
import type { Recogniser } from './recogniser';
import { requests } from './requests';
import { rolePolicies } from './rolePolicies';
import { ruby } from './ruby';
import { kotlin, rust } from './rust';
import { secretsStore } from './secretsStore';
import { sts } from './sts';
import { terraform } from './terraform';
import { tokenFiles } from './tokenFiles';
import { webTokens } from './webTokens';

/** Every kind of source that is known, a line each. */
export const recognisers: readonly Recogniser[] = [
  sts,
  goV1,
  goV2,
  javaV1,
  javaV2,
  python,
  javascriptV2,
  javascriptV3,
  dotnet,
  php,
  ruby,
  rust,
  kotlin,
  cpp,
  fluentBit,
  envoy,
  terraform,
  externalSecrets,
  certManager,
  externalDns,
  karpenter,
  loadBalancerController,
  csiDrivers,
  secretsStore,
  podIdentityAgent,
  eksApi,
  kubernetesEvents,
  callers,
  requests,
  hostsReached,
  tokenFiles,
  kubernetesObjects,
  describe,
  rolePolicies,
  environment,
  webTokens,
  cloudTrail,
];
