import type { Recogniser } from './recogniser';

/** The CSI drivers for EBS, EFS, FSx and S3. Source: kubernetes-sigs/aws-{ebs,efs,fsx}-csi-driver, mountpoint-s3-csi-driver. */
export const csiDrivers: Recogniser = {
  name: 'CSI driver',
  phrases: [
    ['Please ensure you have the right AWS permissions', 'driver-denied'],
    ['could not create volume in EC2', 'access-denied'],
    ['You are not authorized to perform this operation', 'action-denied-encoded'],
    ['Missing role annotation on pod service account', 'account-without-role'],
    ['Missing service account role', 'account-without-role'],
    ['Failed to get AWS role ARN', 'account-without-role'],
  ],
};
