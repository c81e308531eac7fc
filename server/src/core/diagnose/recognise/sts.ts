import type { Recogniser } from './recogniser';

/** What STS itself answers: the same words in every SDK. */
export const sts: Recogniser = {
  name: 'STS',
  phrases: [
    ['Not authorized to perform sts:AssumeRoleWithWebIdentity', 'trust-denied'],
    ['not authorized to perform: sts:AssumeRoleWithWebIdentity', 'trust-denied'],
    ['No OpenIDConnect provider found in your account', 'provider-missing'],
    ['No OpenIDConnect provider found', 'provider-missing'],
    ["Couldn't retrieve verification key from your identity provider", 'provider-keys'],
    ['Could not retrieve verification key', 'provider-keys'],
    ["certificate doesn't match configured thumbprint", 'provider-thumbprint'],
    ['web identity token provided could not be validated', 'token-not-validated'],
    ['web identity token that was passed could not be validated', 'token-not-validated'],
    ['InvalidIdentityToken', 'identity-token-invalid'],
    ['IDPCommunicationError', 'provider-unreachable'],
    ['Incorrect token audience', 'audience-not-listed'],
    ['Missing a required claim: aud', 'audience-claim-missing'],
    ['Missing a required claim', 'token-claim-missing'],
    ['Token expired: current date/time', 'token-expired'],
    ['Token too old:', 'token-expired'],
    ['ID Token provided is not a valid JWT', 'token-malformed'],
    ['Provided Token is not a Login With Amazon token', 'token-malformed'],
    ['IDPRejectedClaim', 'token-rejected'],
    ['Request ARN is invalid', 'role-arn-invalid'],
    ["'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20", 'role-arn-invalid'],
    ["Value null at 'roleArn'", 'configuration-incomplete'],
    ["Value null at 'webIdentityToken'", 'configuration-incomplete'],
    ['RegionDisabledException', 'region-disabled'],
    ['STS is not activated in this region', 'region-disabled'],
    ['Credential should be scoped to a valid region', 'region-scope'],
    ['Signature expired:', 'clock-skew'],
    ['Signature not yet current', 'clock-skew'],
    ['RequestTimeTooSkewed', 'clock-skew'],
    ['Packed size of session tags consumes', 'tags-too-large'],
    ['PackedPolicyTooLarge', 'tags-too-large'],
    ['exceeds the 1 hour session limit for roles assumed by role chaining', 'duration-chained'],
    ['exceeds the MaxSessionDuration set for this role', 'duration-too-long'],
    ['security token included in the request is invalid', 'keys-invalid'],
    ['security token included in the request is expired', 'credentials-expired'],
    ['InvalidClientTokenId', 'keys-invalid'],
    ['UnrecognizedClientException', 'keys-invalid'],
    ['AWS Access Key Id you provided does not exist', 'keys-invalid'],
    ['not able to validate the provided access credentials', 'keys-invalid'],
    ['request signature we calculated does not match', 'keys-invalid'],
    ['provided token is malformed or otherwise invalid', 'token-invalid-credentials'],
    ['Encoded authorization failure message', 'action-denied-encoded'],
    ['sts:TagSession on resource', 'tag-session'],
    ['not authorized to perform: sts:TagSession', 'tag-session'],
    ['MissingAuthenticationTokenException', 'no-credentials'],
    ['User: anonymous is not authorized', 'no-credentials'],
  ],
  read(paste, found) {
    const { text } = paste.compact;
    // The message is cut, or the SDK leaves it out; what is denied stands beside the code.
    for (const pattern of [
      /assumerolewithwebidentity.{0,160}?accessdenied(?!exception)/g,
      /accessdenied(?!exception).{0,100}?assumerolewithwebidentity/g,
    ]) {
      const match = pattern.exec(text);
      if (match) found.symptom(paste, 'trust-denied', paste.compact.offsets[match.index] ?? 0, 'STS');
    }
    if (text.includes('assumerolewithwebidentity'))
      found.symptom(paste, 'web-identity-failed', paste.compact.offsets[text.indexOf('assumerolewithwebidentity')] ?? 0, 'STS');
    const expired = /expiredtoken(?:exception|\)|:|")/.exec(text)?.index ?? -1;
    if (expired >= 0) {
      const near = text.slice(Math.max(0, expired - 300), expired + 300);
      found.symptom(
        paste,
        near.includes('assumerolewithwebidentity') ? 'token-expired' : 'credentials-expired',
        paste.compact.offsets[expired] ?? 0,
        'STS',
      );
    }
    const chained =
      /(?:operationerrorsts:|callingthe|calling)assumerole(?!with)[^a-z]/.exec(text) ?? /callingtheassumeroleoperation/.exec(text);
    if (chained) found.symptom(paste, 'assume-failed', paste.compact.offsets[chained.index] ?? 0, 'STS');
    const organization =
      /assumerolewithwebidentity.{0,300}?withanexplicitdenyina(?:service|resource)controlpolicy|assumerolewithwebidentity.{0,300}?becausenovpcendpointpolicy/.exec(
        text,
      );
    if (organization) found.symptom(paste, 'trust-denied-by-organization', paste.compact.offsets[organization.index] ?? 0, 'STS');
  },
};
