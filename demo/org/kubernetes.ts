import { type FileMap, text } from './files.ts'
import { imageReference } from './image.ts'
import type { Posture } from './posture.ts'

/** A deployment with its kustomization, as every service of the company has it. */
export function kubernetes(name: string, posture: Posture): FileMap {
  const image = imageReference(`images.plumbline.example/${name}`, '1.8.2', posture.cluster)
  return {
    'deploy/kustomization.yaml': text('resources:', '  - deployment.yaml'),
    'deploy/deployment.yaml': text(
      'apiVersion: apps/v1',
      'kind: Deployment',
      'metadata:',
      `  name: ${name}`,
      'spec:',
      '  replicas: 3',
      '  selector:',
      `    matchLabels: { app: ${name} }`,
      '  template:',
      '    metadata:',
      `      labels: { app: ${name} }`,
      '    spec:',
      '      containers:',
      `        - name: ${name}`,
      `          image: ${image}`,
      posture.readOnlyRoot && ['          securityContext:', '            readOnlyRootFilesystem: true'],
    ),
  }
}

/** The cluster-wide demand that images are signed; in audit mode it only reports. */
export function imagePolicy(posture: Posture): FileMap {
  if (posture.policy === 'none') return {}
  return {
    'policies/verify-images.yaml': text(
      'apiVersion: kyverno.io/v1',
      'kind: ClusterPolicy',
      'metadata:',
      '  name: verify-images',
      'spec:',
      `  validationFailureAction: ${posture.policy === 'enforce' ? 'Enforce' : 'Audit'}`,
      '  rules:',
      '    - name: signed-by-ci',
      '      match:',
      '        any:',
      '          - resources: { kinds: [Pod] }',
      '      verifyImages:',
      '        - imageReferences: ["images.plumbline.example/*"]',
      '          attestors:',
      '            - entries:',
      '                - keyless:',
      '                    subject: "https://github.com/northwind-labs/*"',
    ),
  }
}
