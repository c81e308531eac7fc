import { awsCommand } from '../../core/generate/text/shell';
import { AwsError, type AwsErrorDetail } from '../gateway';
import { redact } from '../redact';

/** What was being done when something went wrong. */
export interface FailedCall {
  /** `iam:GetRole`. */
  readonly action: string;
  readonly region?: string | undefined;
  /** The profile that was asked for; undefined: found as the AWS CLI finds it. */
  readonly profile?: string | undefined;
}

interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly status: number | undefined;
  readonly cause: unknown;
}

type Translate = (error: Thrown, call: FailedCall) => AwsError | undefined;

/** Puts what the SDK threw into plain words, with what to do next. Never holds a secret, a token or a session name. */
export function toAwsError(error: unknown, call: FailedCall): AwsError {
  if (AwsError.is(error)) return error;
  const thrown = describe(error);
  for (const translate of [credentials, denied, throttled, notAws, network, region, state]) {
    const found = translate(thrown, call);
    if (found) return found;
  }
  const inner = thrown.cause !== undefined && thrown.cause !== error ? toAwsError(thrown.cause, call) : undefined;
  if (inner && inner.code !== 'failed') return inner;
  return new AwsError('failed', `${call.action} failed: ${thrown.name}${thrown.status ? ` (HTTP ${thrown.status})` : ''}.`, {
    next: 'Try again. If it fails again, check the log and the AWS Health Dashboard.',
    retryable: (thrown.status ?? 0) >= 500,
    awsCode: thrown.name,
  });
}

function describe(error: unknown): Thrown {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: '', status: undefined, cause: undefined };
  const { code, $metadata, Code } = error as { code?: unknown; Code?: unknown; $metadata?: { httpStatusCode?: number } };
  const name = error.name === 'Error' && typeof Code === 'string' ? Code : error.name;
  return {
    name,
    message: error.message,
    code: typeof code === 'string' ? code : '',
    status: $metadata?.httpStatusCode,
    cause: error.cause,
  };
}

const made = (code: AwsError['code'], message: string, next: string, more: Partial<AwsErrorDetail> = {}): AwsError =>
  new AwsError(code, message, { next, ...more });

const credentials: Translate = ({ name, message }, { profile }) => {
  const from = profile === undefined ? '' : ` of the profile ${profile}`;
  const renew = 'Sign in again, then refresh.';
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(name)) {
    if (/\bSSO\b|aws sso login/i.test(message)) {
      const shown = profile ?? process.env['AWS_PROFILE'] ?? 'default';
      return made(
        'sso-expired',
        `The IAM Identity Center session of the profile ${shown} has expired.`,
        `Run \`${awsCommand('sso login', { profile: shown })}\`.`,
        { ssoProfile: shown, awsCode: name },
      );
    }
    if (/aws login/i.test(message))
      return made('expired', `The console sign-in${from} has expired.`, 'Run `aws login`.', { awsCode: name });
    if (/profile/i.test(message) && /not be found|not resolve|not found/i.test(message)) {
      return made(
        'profile',
        `The profile ${profile ?? process.env['AWS_PROFILE'] ?? 'default'} has no credentials in ~/.aws/config or ~/.aws/credentials.`,
        'Select another profile, or set this one up with `aws configure`.',
        { awsCode: name },
      );
    }
    return made(
      'no-credentials',
      `No AWS credentials were found${profile === undefined ? '' : ` for the profile ${profile}`}.`,
      'Select a profile, or sign in with the AWS CLI.',
      { awsCode: name },
    );
  }
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/.test(name))
    return made('expired', `The credentials${from} have expired.`, renew, { awsCode: name });
  if (/^(UnauthorizedException|UnauthorizedClientException)$/.test(name)) {
    const shown = profile ?? process.env['AWS_PROFILE'] ?? 'default';
    return made(
      'sso-expired',
      `The IAM Identity Center session of the profile ${shown} is no longer accepted.`,
      `Run \`${awsCommand('sso login', { profile: shown })}\`.`,
      { ssoProfile: shown, awsCode: name },
    );
  }
  if (
    /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|MissingAuthenticationToken)/.test(
      name,
    )
  ) {
    return made(
      'invalid-credentials',
      `AWS does not accept the credentials${from}.`,
      "Check the keys, the partition they belong to, and this machine's clock.",
      { awsCode: name },
    );
  }
  return undefined;
};

const denied: Translate = ({ name, message, status }, { action }) => {
  const refused =
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|NotAuthorized)/.test(name) ||
    (status === 403 && !/^(SyntaxError|Unknown|UnknownError|Error|403)$/.test(name));
  if (!refused) return undefined;
  const permission = /perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? action;
  const why = /explicit deny/i.test(message) ? ': a policy denies it explicitly' : '';
  return made(
    'access-denied',
    `AWS denied ${permission}${why}.`,
    `Request the permission ${permission}; docs/permissions.md lists all permissions that are used.`,
    { permission, awsCode: name },
  );
};

const throttled: Translate = ({ name, status }, { action }) =>
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|RequestThrottled|RequestThrottledException|SlowDown|PriorRequestNotComplete)$/.test(
    name,
  ) || status === 429
    ? made('throttled', `AWS takes no more calls of ${action} for now.`, 'Wait a minute, then try again.', {
        retryable: true,
        awsCode: name,
      })
    : undefined;

/** An answer that is neither XML nor JSON of AWS: a proxy's page, a captive portal, an emulator's 404. */
const notAws: Translate = ({ name, message, status }, { action }) =>
  name === 'SyntaxError' ||
  /Deserialization error|is not valid JSON|Unexpected token|Unclosed tag|char .* is not expected|received non-XML/i.test(message) ||
  (/^(Unknown|UnknownError|404|50[234])$/.test(name) && status !== undefined)
    ? made(
        'not-aws',
        `The answer to ${action} isn't from AWS: AWS gives no answer of this form.`,
        'Check the proxy, AWS_ENDPOINT_URL, and whether this network asks to sign in first.',
        { retryable: (status ?? 0) >= 500 },
      )
    : undefined;

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS|EPROTO/;
const networkCodes =
  /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ERR_SOCKET.*|UND_ERR.*)$/;

const network: Translate = ({ name, code, message }, call) => {
  const where = call.region ? ` in ${call.region}` : '';
  if (certificateCodes.test(code)) {
    return made(
      'no-network',
      `The certificate of the other side is not trusted (${code}).`,
      'If a proxy has its own certificate, set AWS_CA_BUNDLE to a PEM file that contains it.',
      { awsCode: code },
    );
  }
  if (/proxy/i.test(message) && /CONNECT|response|socket/i.test(message))
    return made('no-network', 'The proxy did not let the connection through.', 'Check HTTPS_PROXY and NO_PROXY.', { retryable: true });
  if (networkCodes.test(code) || name === 'TimeoutError' || /socket hang up/i.test(message)) {
    // The SDK names a broken connection a TimeoutError too.
    const broke = /^(ECONNRESET|EPIPE)$/.test(code) || /socket hang up/i.test(message);
    // Nothing was sent where no connection came about.
    const unsent =
      /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/.test(code) ||
      /without establishing a connection/i.test(message);
    const why = broke ? 'the connection broke' : name === 'TimeoutError' || code === 'ETIMEDOUT' ? 'no answer in time' : code;
    return made(
      'no-network',
      `AWS could not be reached for ${call.action}${where}: ${why}.`,
      "Check the network, the region's name, and HTTPS_PROXY where there is a proxy.",
      { retryable: true, awsCode: code || name, unsent },
    );
  }
  return undefined;
};

const region: Translate = ({ name, message }, call) => {
  if (/Region is missing/i.test(message)) return made('no-region', 'No AWS region is configured.', 'Select a region, or set AWS_REGION.');
  if (/^(RegionDisabledException|OptInRequired)$/.test(name)) {
    return made(
      'region-disabled',
      `The region${call.region ? ` ${call.region}` : ''} is not enabled for this account.`,
      'Enable it in the account settings, or take another region.',
      { awsCode: name },
    );
  }
  return undefined;
};

const state: Translate = ({ name, message }, { action }) => {
  if (/^(NoSuchEntity|NoSuchEntityException|ResourceNotFoundException|NotFoundException)$/.test(name)) {
    return made('not-found', `${action}: it doesn't exist in AWS.`, 'Check the name, the account and the region.', { awsCode: name });
  }
  if (/^(EntityAlreadyExists|EntityAlreadyExistsException|ResourceInUseException)$/.test(name)) {
    return made('exists', `${action}: it exists already.`, 'Use another name, or continue with the existing one.', { awsCode: name });
  }
  if (
    /^(MalformedPolicyDocument|InvalidInput|InvalidParameter|InvalidRequest|LimitExceeded|ResourceLimitExceeded|ValidationError|Validation|UnmodifiableEntity|DeleteConflict|ConcurrentModification|EntityTemporarilyUnmodifiable|PolicyNotAttachable|OpenIdIdpCommunicationError|ServerException|InvalidState)/.test(
      name,
    )
  ) {
    return made(
      'refused',
      `AWS denied ${action}: "${name.replace(/Exception$/, '')}: ${redact(message)}".`,
      'Fix the error that AWS reports, then try again.',
      { awsCode: name },
    );
  }
  return undefined;
};
