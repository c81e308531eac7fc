/** What to paste or run next, by what it tells. Names in capitals are for the reader to fill in. */
export const describePod = 'Paste the output of: kubectl get pod POD -n NAMESPACE -o yaml';
export const listEnvironment = 'Paste the output of: kubectl exec POD -n NAMESPACE -- env | grep AWS_';
export const getAccount = 'Paste the output of: kubectl get serviceaccount NAME -n NAMESPACE -o yaml';
export const findEvent =
  'Paste the CloudTrail event of the same request ID: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity';
export const getRole = 'Paste the output of: aws iam get-role --role-name ROLE; or use --aws or --snapshot FILE';
export const callerIdentity = 'Run in the pod and paste: aws sts get-caller-identity';
export const listProviders = 'Run: aws iam list-open-id-connect-providers';
export const describeIssuer = 'Run: aws eks describe-cluster --name CLUSTER --query cluster.identity.oidc.issuer';
export const listAssociations = 'Run: aws eks list-pod-identity-associations --cluster-name CLUSTER --namespace NAMESPACE';
export const agentPods = 'Run: kubectl get daemonset eks-pod-identity-agent -n kube-system';
export const agentLogs = 'Paste the log of: kubectl logs -n kube-system -l app.kubernetes.io/name=eks-pod-identity-agent';
export const pickWorkload = 'Name the workload (in the terminal: --workload NAMESPACE/NAME)';
export const sdkVersion = 'Paste the version of the AWS SDK that the container uses';
export const restart = 'Run: kubectl rollout restart deployment/NAME -n NAMESPACE';
