/** The first versions of SDKs that know each mechanism. Source: EKS user guide, pod-id-minimum-sdk and iam-roles-for-service-accounts-minimum-sdk. */
const minimum: Readonly<Record<string, readonly { readonly major: number; readonly irsa: string; readonly podIdentity: string }[]>> = {
  boto3: [{ major: 1, irsa: '1.9.220', podIdentity: '1.34.41' }],
  botocore: [{ major: 1, irsa: '1.12.200', podIdentity: '1.34.41' }],
  'aws-cli': [
    { major: 1, irsa: '1.16.232', podIdentity: '1.30.0' },
    { major: 2, irsa: '2.0.0', podIdentity: '2.15.0' },
  ],
  'aws-sdk-go': [{ major: 1, irsa: '1.23.13', podIdentity: '1.47.11' }],
  'aws-sdk-java': [
    { major: 1, irsa: '1.11.704', podIdentity: '1.12.746' },
    { major: 2, irsa: '2.10.11', podIdentity: '2.21.30' },
  ],
  'aws-sdk-js': [
    { major: 2, irsa: '2.525.0', podIdentity: '2.1550.0' },
    { major: 3, irsa: '3.27.0', podIdentity: '3.458.0' },
  ],
  'aws-sdk-net': [{ major: 3, irsa: '3.3.659.1', podIdentity: '3.7.734.0' }],
  'aws-sdk-cpp': [{ major: 1, irsa: '1.7.174', podIdentity: '1.11.263' }],
  'aws-sdk-php': [{ major: 3, irsa: '3.110.7', podIdentity: '3.287.1' }],
  'aws-sdk-ruby': [{ major: 3, irsa: '3.58.0', podIdentity: '3.188.0' }],
};

/**
 * The version from which an SDK knows a mechanism, where the one that is named is older.
 * @param sdk `botocore/1.17.44`
 */
export function tooOld(sdk: string, mechanism: 'irsa' | 'pod-identity'): string | undefined {
  const [name, version] = sdk.split('/') as [string, string | undefined];
  const numbers = (version ?? '').split('.').map(Number);
  if (numbers.length < 3 || numbers.some((each) => !Number.isInteger(each))) return undefined;
  const rule = minimum[name]?.find(({ major }) => major === numbers[0]);
  if (!rule) return undefined;
  const needed = mechanism === 'irsa' ? rule.irsa : rule.podIdentity;
  return isLess(numbers, needed.split('.').map(Number)) ? needed : undefined;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
