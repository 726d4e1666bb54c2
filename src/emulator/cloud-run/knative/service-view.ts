import { fromTimestamp } from '../../clock.ts';
import { shortName, told } from './names.ts';
import { conditionView, podView, templateAnnotations } from './template-view.ts';
import type { V2Revision, V2Service, V2Target } from './v2-shapes.ts';

const apiVersion = 'serving.knative.dev/v1';
const latest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';

/** A service of v2 as `serving.knative.dev/v1` tells it. */
export function serviceV1(service: V2Service): object {
  const { template } = service;
  return {
    apiVersion,
    kind: 'Service',
    metadata: {
      ...metadata(service),
      generation: Number(service.generation),
      labels: { ...service.labels, 'cloud.googleapis.com/location': locationOf(service.name) },
      annotations: serviceAnnotations(service),
    },
    spec: {
      template: {
        metadata: told({
          name: template.revision,
          labels: template.labels,
          annotations: templateAnnotations(template),
        }),
        spec: podView(template),
      },
      traffic: service.traffic.length === 0 ? [{ latestRevision: true, percent: 100 }] : service.traffic.map(targetV1),
    },
    status: statusV1(service),
  };
}

function statusV1(service: V2Service): object {
  const { conditions, terminalCondition, uri } = service;
  return told({
    observedGeneration: Number(service.observedGeneration),
    conditions: [terminalCondition, ...conditions.slice().reverse()].map(conditionView),
    latestReadyRevisionName: shortName(service.latestReadyRevision),
    latestCreatedRevisionName: shortName(service.latestCreatedRevision),
    traffic: service.trafficStatuses.map((target) => ({
      ...targetV1(target),
      revisionName: target.revision || shortName(service.latestReadyRevision),
      ...told({ url: target.uri }),
    })),
    url: uri,
    address: told({ url: uri }),
  });
}

function targetV1({ type, revision, percent, tag }: V2Target): object {
  return told({ revisionName: revision, latestRevision: type === latest, percent, tag });
}

function serviceAnnotations(service: V2Service): object {
  const { ingress, launchStage } = service;
  return told({
    ...service.annotations,
    'serving.knative.dev/creator': service.creator,
    'serving.knative.dev/lastModifier': service.lastModifier,
    'run.googleapis.com/client-name': service.client,
    'run.googleapis.com/client-version': service.clientVersion,
    'run.googleapis.com/description': service.description,
    'run.googleapis.com/ingress': ingressV1(ingress),
    'run.googleapis.com/ingress-status': ingressV1(ingress),
    'run.googleapis.com/launch-stage': launchStage === 'LAUNCH_STAGE_UNSPECIFIED' ? '' : launchStage,
    'run.googleapis.com/default-url-disabled': service.defaultUriDisabled ? 'true' : '',
  });
}

/** `INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER` is `internal-and-cloud-load-balancing` in v1. */
function ingressV1(ingress: string): string {
  if (ingress === 'INGRESS_TRAFFIC_INTERNAL_ONLY') return 'internal';
  if (ingress === 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER') return 'internal-and-cloud-load-balancing';
  return 'all';
}

/** A revision of v2 as `serving.knative.dev/v1` tells it. */
export function revisionV1(revision: V2Revision): object {
  const service = shortName(revision.service);
  return {
    apiVersion,
    kind: 'Revision',
    metadata: {
      ...metadata(revision),
      generation: 1,
      labels: {
        ...revision.labels,
        'cloud.googleapis.com/location': locationOf(revision.name),
        'serving.knative.dev/configuration': service,
        'serving.knative.dev/service': service,
      },
      annotations: { ...templateAnnotations(revision), 'serving.knative.dev/creator': revision.creator },
    },
    spec: podView(revision),
    status: { observedGeneration: 1, conditions: revision.conditions.map(conditionView) },
  };
}

function metadata({ name, uid, etag, createTime }: Pick<V2Service, 'name' | 'uid' | 'etag' | 'createTime'>): object {
  return {
    name: shortName(name),
    namespace: name.split('/')[1],
    selfLink: `/apis/${apiVersion}/namespaces/${name.split('/')[1]}/${name.split('/').at(-2)}/${shortName(name)}`,
    uid,
    resourceVersion: etag.replaceAll('"', ''),
    creationTimestamp: fromTimestamp(createTime),
  };
}

function locationOf(name: string): string {
  return name.split('/')[3] ?? '';
}
