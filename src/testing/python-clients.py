# Google's own Python clients for Cloud Run and Cloud Logging v2, as gcloud ships them, against the emulator.
# Arguments: port, image. The token is in LOOP_TOKEN. Prints one JSON object.
import importlib.util, json, os, sys, warnings
warnings.filterwarnings('ignore')
import grpc
from googlecloudsdk.generated_clients.gapic_clients.run_v2 import types as run
from googlecloudsdk.generated_clients.gapic_clients.run_v2.services.revisions import RevisionsClient
from googlecloudsdk.generated_clients.gapic_clients.run_v2.services.revisions.transports import RevisionsGrpcTransport
from googlecloudsdk.generated_clients.gapic_clients.run_v2.services.services import ServicesClient
from googlecloudsdk.generated_clients.gapic_clients.run_v2.services.services.transports import ServicesGrpcTransport
from googlecloudsdk.generated_clients.gapic_clients.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
from googlecloudsdk.generated_clients.gapic_clients.logging_v2.services.logging_service_v2.transports import LoggingServiceV2GrpcTransport

port, image = sys.argv[1:]


class Token(grpc.UnaryUnaryClientInterceptor):
    """Puts the token on every call, the polls of operations too: a plaintext channel carries no credentials."""

    def intercept_unary_unary(self, go_on, details, request):
        metadata = [*(details.metadata or []), ('authorization', 'Bearer ' + os.environ['LOOP_TOKEN'])]
        return go_on(details._replace(metadata=metadata), request)


channel = grpc.intercept_channel(grpc.insecure_channel('127.0.0.1:' + port, options=[('grpc.enable_http_proxy', 0)]), Token())
services = ServicesClient(transport=ServicesGrpcTransport(channel=channel))
revisions = RevisionsClient(transport=RevisionsGrpcTransport(channel=channel))
logs = LoggingServiceV2Client(transport=LoggingServiceV2GrpcTransport(channel=channel))
parent = 'projects/demo/locations/local'
name = parent + '/services/py'


def refused(work):
    try:
        work()
        return 'fine'
    except Exception as error:
        return type(error).__name__ + ': ' + error.message


missing = refused(lambda: services.get_service(name=name))
container = run.Container(image=image, command=['node', 'server.js'])
made = services.create_service(
    parent=parent, service_id='py', service=run.Service(template=run.RevisionTemplate(containers=[container]))
).result(timeout=30)
stale = services.get_service(name=name)
made.template.containers[0].env.append(run.EnvVar(name='GREETING', value='hi'))
changed = services.update_service(service=made).result(timeout=30)
late = refused(lambda: services.update_service(service=stale))
found = logs.list_log_entries(
    request={'resource_names': ['projects/demo'], 'filter': 'logName:"activity" resource.labels.service_name="py"'}
)
print(json.dumps({
    'missing': missing,
    'ready': made.terminal_condition.state.name,
    'conditions': [c.type_ for c in made.conditions],
    'generation': changed.generation,
    'latest': changed.latest_ready_revision != made.latest_ready_revision,
    'revisions': len(list(revisions.list_revisions(parent=name))),
    'stale': late,
    'audit': [entry.proto_payload.type_url for entry in found],
}))
