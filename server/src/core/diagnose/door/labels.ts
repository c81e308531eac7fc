/** How a value is hidden by the name that it stands under. */
export type Hiding =
  /** Whatever it is. */
  | 'value'
  /** All to the line's end: a header. */
  | 'line'
  /** All to the line's end, quotes included: a variable of a listing. */
  | 'rest'
  /** Where it looks like a secret: the name is a word that stands before other text too. */
  | 'if-secret';

/** Variables whose values tell something of the wiring, and are no secrets. All others are hidden. */
export const toldVariables: ReadonlySet<string> = new Set([
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_STS_REGIONAL_ENDPOINTS',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_SDK_LOAD_CONFIG',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_EXECUTION_ENV',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_PORT',
]);

const always = [
  'secretaccesskey',
  'secretkey',
  'sessiontoken',
  'securitytoken',
  'xamzsignature',
  'xamzcredential',
  'password',
  'passwd',
  'passphrase',
  'clientsecret',
  'secretstring',
  'apikey',
  'privatekey',
  'accesskeyid',
  'accesskey',
  'authtoken',
  'bearertoken',
  'refreshtoken',
  'accesstoken',
  'signature',
];
const lines = ['authorization', 'cookie', 'setcookie', 'proxyauthorization'];
const words = ['token', 'key', 'secret', 'credential', 'credentials', 'auth', 'pwd', 'pass', 'sig'];

/** How the value under a name is hidden; undefined where it is not. @param name as written, at most some dozen characters. */
export function hidingOf(name: string): Hiding | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (plain === '') return undefined;
  if (lines.some((each) => plain.endsWith(each))) return 'line';
  if (always.some((each) => plain.endsWith(each))) return 'value';
  if (/^[A-Z][A-Z0-9_]*$/.test(name) && /PASS|SECRET|TOKEN|PRIVATE|CREDENTIAL|API_?KEY|AUTH|DSN|_KEY$/.test(name))
    return toldVariables.has(name) || name.endsWith('_FILE') ? undefined : 'value';
  return words.some((each) => plain.endsWith(each)) ? 'if-secret' : undefined;
}

/** True for the name of a variable of the environment whose value tells nothing here. */
export function isOtherVariable(name: string): boolean {
  return /^[A-Z][A-Z0-9]*_[A-Z0-9_]*$/.test(name) && !toldVariables.has(name);
}

/** True for a value that no word, name or path looks like: letters of both cases or digits among them, and long. */
export function looksSecret(value: string): boolean {
  return value.length >= 16 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/^(?:arn:|https?:|\/|[A-Z]:)/.test(value);
}
