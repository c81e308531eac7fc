/** Service accounts of EKS's add-ons. Source: EKS user guide, pages of the add-ons. */
export const addonAccounts: Readonly<Record<string, string>> = {
  'aws-ebs-csi-driver': 'ebs-csi-controller-sa',
  'aws-efs-csi-driver': 'efs-csi-controller-sa',
  'vpc-cni': 'aws-node',
  'aws-mountpoint-s3-csi-driver': 's3-csi-driver-sa',
};

/** The namespaces of EKS's add-ons, in which their accounts are. Source: EKS user guide, pages of the add-ons. */
export const addonNamespaces: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(addonAccounts).map((name) => [name, 'kube-system'])),
  'amazon-cloudwatch-observability': 'amazon-cloudwatch',
};
