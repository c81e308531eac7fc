/** A policy that a module attaches by a switch, as terraform-aws-modules/eks-pod-identity has it. */
export interface AttachedPolicy {
  /** The switch there; absent where it has no policy of this kind. */
  readonly flag?: string;
  readonly inputs: readonly AttachedInput[];
  /** Inputs of the old module that the new one has nothing for: written, they decide permissions that would be lost. */
  readonly without?: readonly string[];
}

/** An input that narrows or widens an attached policy. */
export interface AttachedInput {
  /** Its names in the old module: the first that is written counts. */
  readonly from: readonly string[];
  readonly to: string;
  /** The old module's default, written out where the new module's is another one. */
  readonly otherwise?: string;
  /** What is written of it, where that isn't the input itself; `$` stands for it. */
  readonly made?: string;
  /** True where an empty list means nothing in the old module, and everything in the new one. */
  readonly emptyIsAll?: true;
}

const same = (name: string): AttachedInput => ({ from: [name], to: name });

/**
 * The switches of iam-role-for-service-accounts-eks and what they are in eks-pod-identity, each with the inputs that its policy reads.
 * Sources: terraform-aws-iam v4.24.1 to v5.60.0, modules/iam-role-for-service-accounts-eks, variables.tf and policies.tf;
 * terraform-aws-eks-pod-identity v1.12.1 and v2.8.1, variables.tf and the file of each policy. The policies were compared: those of
 * eks-pod-identity allow what the others do, by newer editions of each controller's own document.
 */
export const attachedPolicies: Readonly<Record<string, AttachedPolicy>> = {
  attach_amazon_managed_service_prometheus_policy: {
    flag: 'attach_amazon_managed_service_prometheus_policy',
    inputs: [{ ...same('amazon_managed_service_prometheus_workspace_arns'), otherwise: '["*"]' }],
  },
  attach_appmesh_controller_policy: { flag: 'attach_aws_appmesh_controller_policy', inputs: [] },
  attach_appmesh_envoy_proxy_policy: { flag: 'attach_aws_appmesh_envoy_proxy_policy', inputs: [] },
  attach_aws_gateway_controller_policy: { flag: 'attach_aws_gateway_controller_policy', inputs: [] },
  attach_cert_manager_policy: {
    flag: 'attach_cert_manager_policy',
    inputs: [{ ...same('cert_manager_hosted_zone_arns'), otherwise: '["arn:aws:route53:::hostedzone/*"]' }],
  },
  attach_cloudwatch_observability_policy: { flag: 'attach_aws_cloudwatch_observability_policy', inputs: [] },
  attach_cluster_autoscaler_policy: {
    flag: 'attach_cluster_autoscaler_policy',
    inputs: [{ from: ['cluster_autoscaler_cluster_ids', 'cluster_autoscaler_cluster_names'], to: 'cluster_autoscaler_cluster_names' }],
  },
  attach_ebs_csi_policy: {
    flag: 'attach_aws_ebs_csi_policy',
    inputs: [{ from: ['ebs_csi_kms_cmk_ids'], to: 'aws_ebs_csi_kms_arns' }],
  },
  attach_efs_csi_policy: { flag: 'attach_aws_efs_csi_policy', inputs: [] },
  attach_external_dns_policy: {
    flag: 'attach_external_dns_policy',
    inputs: [{ ...same('external_dns_hosted_zone_arns'), otherwise: '["arn:aws:route53:::hostedzone/*"]' }],
  },
  attach_external_secrets_policy: {
    flag: 'attach_external_secrets_policy',
    inputs: [
      { ...same('external_secrets_ssm_parameter_arns'), otherwise: '["arn:aws:ssm:*:*:parameter/*"]' },
      { ...same('external_secrets_secrets_manager_arns'), otherwise: '["arn:aws:secretsmanager:*:*:secret:*"]' },
      { ...same('external_secrets_kms_key_arns'), emptyIsAll: true },
      { from: ['external_secrets_secrets_manager_create_permission'], to: 'external_secrets_create_permission' },
    ],
  },
  attach_fsx_lustre_csi_policy: {
    flag: 'attach_aws_fsx_lustre_csi_policy',
    inputs: [{ from: ['fsx_lustre_csi_service_role_arns'], to: 'aws_fsx_lustre_csi_service_role_arns', emptyIsAll: true }],
  },
  attach_fsx_openzfs_csi_policy: { inputs: [] },
  attach_karpenter_controller_policy: { inputs: [] },
  attach_load_balancer_controller_policy: { flag: 'attach_aws_lb_controller_policy', inputs: [] },
  attach_load_balancer_controller_targetgroup_binding_only_policy: {
    flag: 'attach_aws_lb_controller_targetgroup_binding_only_policy',
    inputs: [
      {
        from: ['load_balancer_controller_targetgroup_arns'],
        to: 'aws_lb_controller_targetgroup_arns',
        otherwise: '["arn:aws:elasticloadbalancing:*:*:targetgroup/*/*"]',
      },
    ],
  },
  attach_mountpoint_s3_csi_policy: {
    flag: 'attach_mountpoint_s3_csi_policy',
    inputs: [same('mountpoint_s3_csi_bucket_arns'), { from: ['mountpoint_s3_csi_path_arns'], to: 'mountpoint_s3_csi_bucket_path_arns' }],
    without: ['mountpoint_s3_csi_kms_arns'],
  },
  attach_node_termination_handler_policy: {
    flag: 'attach_aws_node_termination_handler_policy',
    inputs: [{ from: ['node_termination_handler_sqs_queue_arns'], to: 'aws_node_termination_handler_sqs_queue_arns', otherwise: '["*"]' }],
  },
  attach_velero_policy: {
    flag: 'attach_velero_policy',
    inputs: [
      { ...same('velero_s3_bucket_arns'), otherwise: '["*"]', emptyIsAll: true },
      {
        from: ['velero_s3_bucket_arns'],
        to: 'velero_s3_bucket_path_arns',
        otherwise: '["*/*"]',
        made: '[for arn in $ : "${arn}/*"]',
      },
    ],
  },
  attach_vpc_cni_policy: {
    flag: 'attach_aws_vpc_cni_policy',
    inputs: ['enable_cloudwatch_logs', 'enable_ipv4', 'enable_ipv6'].map((name) => ({
      from: [`vpc_cni_${name}`],
      to: `aws_vpc_cni_${name}`,
    })),
  },
};

/** Inputs that only a policy reads whose switch the new module lacks; without the switch they decide nothing. */
export const inputsOfMissingPolicies = /^(?:karpenter_|fsx_openzfs_csi_|enable_karpenter_instance_profile_creation$)/;
