"""Volcengine's own SDK against the sandbox: the Live service of API version 2023-01-01, and the class that came before it."""

import importlib
import inspect
import json
import re
import time

from google.protobuf import descriptor_pb2, descriptor_pool
from volcengine.base.models.base import base_pb2
from volcengine.live.v20230101.live_service import LiveService

from support import TEXTS, Pages, Refusals, SandboxCase, counted

# The typed messages of the older class ask for this file by a name that the package does not give it.
descriptor_pool.Default().AddSerializedFile(descriptor_pb2.FileDescriptorProto(
    name="base/base.proto", dependency=[base_pb2.DESCRIPTOR.name], public_dependency=[0]).SerializeToString())
OlderLiveService = importlib.import_module("volcengine.live.LiveService").LiveService
ListPullToPushTaskRequest = importlib.import_module(
    "volcengine.live.models.request.request_live_pb2").ListPullToPushTaskRequest

CLIENT = "volcengine"
load_tests = counted(CLIENT)


def method_of(action):
    """The method that the SDK has for an Action."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", action).lower()
    return getattr(LiveService, name, None)


class VolcengineCase(SandboxCase):
    vendor = "volcengine"
    client_name = CLIENT

    def client(self, key_id=None, secret=None, token=None):
        service = LiveService(host=self.sandbox.address, ak=key_id or self.sandbox.key_id,
                              sk=secret or self.sandbox.secret)
        service.set_scheme("http")
        # All clients of this SDK share one set of credentials.
        service.set_session_token(token or "")
        return service

    def call(self, action, params=None, **whose):
        """Through the SDK's method, which names whether its argument is a query or a body."""
        client = self.client(**whose)
        method = method_of(action)
        if method is None:
            client.api_info[action] = type(client.api_info["DeleteDomain"])(
                "POST", "/", {"Action": action, "Version": "2023-01-01"}, {}, {})
            answer = json.loads(client.json(action, {}, json.dumps(params)))
        else:
            takes = list(inspect.signature(method).parameters)[1:]
            given = {"query": dict(params or {}), "body": dict(params or {})}
            if takes == ["query", "body"]:
                given["query"] = {}
            answer = method(client, *(given[name] for name in takes))
        metadata = answer["ResponseMetadata"]
        self.assertEqual((metadata["Action"], metadata["Version"], metadata["Service"], metadata["Region"]),
                         (action, "2023-01-01", "live", "cn-north-1"))
        self.assertNotIn("Error", metadata)
        self.assertTrue(metadata["RequestId"])
        self.note(action)
        return answer.get("Result")

    def told(self, error, expected, message="", action=None):
        """This SDK raises the body of every answer that is not HTTP 200: as text, or as bytes."""
        self.assertIs(type(error), Exception)
        metadata = json.loads(error.args[0])["ResponseMetadata"]
        number, code = expected if isinstance(expected, tuple) else (metadata["Error"]["CodeN"], expected)
        self.assertEqual((metadata["Error"]["CodeN"], metadata["Error"]["Code"]), (number, code), metadata)
        self.assertIn(message, metadata["Error"]["Message"])
        self.assertTrue(metadata["RequestId"] and metadata["Error"]["Message"])
        self.assertEqual((metadata["Service"], metadata["Action"]), ("live", action or metadata["Action"]))

    def refused(self, expected, message, action, params, **whose):
        if expected is None:
            return self.call(action, params, **whose)
        with self.assertRaises(Exception) as caught:
            self.call(action, params, **whose)
        return self.told(caught.exception, expected, message, action)

    def vhost(self, name):
        """A vhost with a push domain."""
        self.call("CreateDomainV2", {"Vhost": name, "Domains": [
            {"DomainName": f"push.{name}", "Type": "push", "Region": "cn"}]})
        return name


class Life(VolcengineCase):
    def test_a_domain_lives(self):
        self.call("CreateDomain", {"Domain": "push.life.com", "Type": "push", "Region": "cn"})
        self.call("CreateDomainV2", {"Vhost": "life.com", "Domains": [
            {"DomainName": "pull.life.com", "Type": "pull-flv", "Region": "cn"}], "Tags": [
            {"Key": "团队", "Value": "a&b=c", "Category": "Custom"}]})
        listed = self.call("ListDomainDetail", {"PageNum": 1, "PageSize": 1, "VhostList": ["life.com"]})
        self.assertEqual((listed["Total"], len(listed["DomainList"])), (2, 1))
        shown = self.call("DescribeDomain", {"DomainList": ["pull.life.com"]})["DomainList"][0]
        self.assertEqual((shown["Vhost"], shown["Tags"][0]["Key"]), ("life.com", "团队"))
        self.call("DisableDomain", {"Domain": "push.life.com"})
        rows = {row["name"]: row for row in self.livectl("domain", "list")}
        self.assertEqual((rows["push.life.com"]["type"], rows["push.life.com"]["status"]), ("push", "disabled"))
        self.call("EnableDomain", {"Domain": "push.life.com"})
        self.call("DeleteDomain", {"Domain": "push.life.com"})
        self.assertNotIn("push.life.com", [row["name"] for row in self.livectl("domain", "list")])

    def test_lists_and_nested_objects(self):
        groups = [{"Group": "g1", "Servers": [{"RelaySourceDomain": "o.example.com", "RelaySourceProtocol": "rtmp"},
                                              {"RelaySourceDomain": "p.example.com", "RelaySourceProtocol": "flv"}]}]
        self.call("UpdateRelaySourceV3", {"Vhost": "v3.com", "App": "live", "GroupDetails": groups})
        [shown] = self.call("DescribeRelaySourceV3", {"Vhost": "v3.com"})["RelaySourceConfigList"]
        [group] = shown["GroupDetails"]
        self.assertEqual([one["RelaySourceDomain"] for one in group["Servers"]], ["o.example.com", "p.example.com"])
        self.call("DeleteRelaySourceV3", {"Vhost": "v3.com", "App": "live"})
        self.assertEqual(self.call("DescribeRelaySourceV3", {"Vhost": "v3.com"})["RelaySourceConfigList"], [])

    def test_texts_come_back_as_they_were_sent(self):
        """In a body, and again in the query of a GET."""
        now = int(time.time())
        made = {self.call("CreatePullToPushTask", {
            "Title": text, "StartTime": now, "EndTime": now + 3600, "Type": 0, "CycleMode": -1,
            "SrcAddr": f"rtmp://o.example.com/live/{text}", "DstAddr": "rtmp://push.example.com/live/a"})["TaskId"]: text
            for text in TEXTS}
        rows = {row["task_id"]: row["title"] for row in self.livectl("relay", "push", "list")}
        self.assertEqual(rows, made)
        listed = {task["TaskId"]: task for task in self.call("ListPullToPushTaskV2", {"Page": 1, "Size": 20})["List"]}
        for task, text in made.items():
            with self.subTest(text):
                self.assertEqual((listed[task]["Title"], listed[task]["SrcAddr"]),
                                 (text, f"rtmp://o.example.com/live/{text}"))
                [found] = self.call("ListPullToPushTask", {"Title": text, "Page": 1, "Size": 20})["List"]
                self.assertEqual(found["TaskId"], task)
        task = next(iter(made))
        self.call("StopPullToPushTask", {"TaskId": task})
        self.call("DeletePullToPushTask", {"TaskId": task})

    def test_the_keys_of_hls(self):
        setting = {"URL": "https://kms.example.com/get_key?v=1&", "CycleTime": "3600"}
        self.call("UpdateEncryptHLS", setting)
        self.assertEqual(self.call("DescribeEncryptHLS"), {"URL": setting["URL"], "CycleTime": 3600})
        row = self.livectl("hls-key", "show", "--jq", "[.] | flatten | .[0]")
        self.assertEqual((row["key_url"], row["cycle_seconds"]), (setting["URL"], 3600))
        self.call("BindEncryptDRM", {"Vhost": "hls.com", "App": "live", "DRMSystems": ["ClearKey"],
                                     "EncryptOriginStream": True, "EncryptTranscodeStream": False})
        [bound] = self.call("ListBindEncryptDRM", {"Vhost": "hls.com"})["DRMBindingList"]
        self.assertEqual(bound["DRMSystems"], ["ClearKey"])
        self.call("UnBindEncryptDRM", {"Vhost": "hls.com", "App": "live"})
        self.assertEqual(len(self.call("GetHLSEncryptDataKey", {"KeyID": "08e765a4da"})["DataKey"]), 16)

    def test_reads_of_what_is_not_set(self):
        for action, body in {
            "ListVhostTransCodePreset": {"Vhost": "a.com"}, "ListVhostRecordPresetV2": {"Vhost": "a.com"},
            "DescribeCallback": {"Vhost": "a.com"}, "ListCertV2": {}, "DescribeReferer": {"Vhost": "a.com", "App": "live"},
            "DescribeIPAccessRule": {"Domain": "p.a.com", "Vhost": "a.com"},
        }.items():
            with self.subTest(action):
                self.assertIsInstance(self.call(action, body), dict)


class DomainPages(Pages, VolcengineCase):
    # More than ten calls a second would be refused.
    count, size = 9, 4

    def add(self, name):
        self.call("CreateDomain", {"Domain": name, "Type": "push", "Region": "cn"})

    def page(self, number, size):
        answer = self.call("ListDomainDetail", {"PageNum": number, "PageSize": size})
        return [domain["Domain"] for domain in answer["DomainList"]], answer["Total"]


class BothWays(VolcengineCase):
    """What the client creates livectl lists and deletes, and the other way round."""

    def test_domains(self):
        self.call("CreateDomain", {"Domain": "theirs.both.org", "Type": "push", "Region": "cn"})
        self.livectl("domain", "add", "ours.both.org", "--type", "push")
        names = {"theirs.both.org", "ours.both.org"}
        listed = self.call("ListDomainDetail", {"PageNum": 1, "PageSize": 100})["DomainList"]
        self.assertLessEqual(names, {domain["Domain"] for domain in listed})
        self.assertLessEqual(names, {row["name"] for row in self.livectl("domain", "list")})
        self.livectl("domain", "delete", "theirs.both.org")
        self.call("DeleteDomain", {"Domain": "ours.both.org"})
        listed = self.call("ListDomainDetail", {"PageNum": 1, "PageSize": 100})["DomainList"]
        self.assertTrue(names.isdisjoint(domain["Domain"] for domain in listed))

    def test_relays(self):
        now = int(time.time())
        theirs = {"Domain": "push.relay.com", "App": "live", "Stream": "theirs 流+%&"}
        sources = ["rtmp://o.example.com/live/a?x=1&y=中", "https://o.example.com/a.flv"]
        made = self.call("CreateRelaySourceV4", {**theirs, "SrcAddrS": sources, "StartTime": now, "EndTime": now + 600})
        self.assertTrue(made["TaskId"].isdigit())
        self.livectl("relay", "add", "--domain", "push.relay.com", "--app", "live", "--stream", "ours",
                     "--source", "https://o.example.com/s2.flv", "--permanent")
        listed = self.call("ListRelaySourceV4", {"Domain": "push.relay.com", "Page": 1, "Size": 10})["List"]
        self.assertEqual({one["Stream"]: one["SrcAddrS"] for one in listed},
                         {theirs["Stream"]: sources, "ours": ["https://o.example.com/s2.flv"]})
        rows = {row["stream"]: row["sources"] for row in self.livectl("relay", "list", "--domain", "push.relay.com")}
        self.assertEqual(rows, {theirs["Stream"]: sources, "ours": ["https://o.example.com/s2.flv"]})
        self.call("UpdateRelaySourceV4", {**theirs, "SrcAddrS": sources[:1]})
        self.livectl("relay", "delete", "push.relay.com/live/ours")
        [row] = self.livectl("relay", "list", "--domain", "push.relay.com")
        self.assertEqual(row["sources"], sources[:1])
        self.call("DeleteRelaySourceV4", theirs)
        self.assertEqual(self.call("ListRelaySourceV4", {"Domain": "push.relay.com"})["List"], [])

    def test_recordings(self):
        vhost = self.vhost("rec.com")
        self.livectl("record", "add", "--domain", "push.rec.com", "--app", "ours", "--format", "flv",
                     "--segment", "30m", "--storage", "tos://bucket/rec")
        [ours] = self.call("ListVhostRecordPresetV2", {"Vhost": vhost, "Type": "tos"})["PresetList"]
        config = ours["SlicePresetV2"]["RecordPresetConfig"]
        self.assertEqual((ours["App"], config["FlvParam"]["Enable"], config["FlvParam"]["Duration"]), ("ours", True, 1800))
        self.call("DeleteRecordPreset", {"Vhost": vhost, "App": "ours", "Preset": ours["SlicePresetV2"]["Name"]})
        self.assertEqual(self.livectl("record", "list", "--domain", "push.rec.com"), [])
        self.call("CreateRecordPresetV2", {"Vhost": vhost, "App": "theirs", "Bucket": "bucket", "RecordPresetConfig": {
            "FlvParam": {"Enable": True, "Duration": 600, "TOSParam": {"Enable": True, "Bucket": "bucket"}}}})
        [row] = self.livectl("record", "list", "--domain", "push.rec.com")
        self.assertEqual((row["app"], row["formats"], row["segment_seconds"]), ("theirs", ["flv"], 600))
        self.livectl("record", "delete", row["id"])
        self.assertEqual(self.call("ListVhostRecordPresetV2", {"Vhost": vhost})["PresetList"], [])

    def test_renditions(self):
        vhost = self.vhost("tr.com")
        self.call("CreateTranscodePreset", {"Vhost": vhost, "App": "live", "SuffixName": "_hd", "Vcodec": "h264",
                                            "Height": 720, "VideoBitrate": 1500000})
        [row] = self.livectl("transcode", "list", "--domain", "push.tr.com")
        self.assertEqual((row["id"], row["codec"], row["height"], row["video_kbps"]), ("tr.com/live/#_hd", "h264", 720, 1500))
        self.livectl("transcode", "delete", row["id"])
        self.livectl("transcode", "add", "push.tr.com/live", "--name", "ours", "--codec", "h264", "--width", "1280",
                     "--height", "720", "--video-kbps", "900")
        listed = self.call("ListVhostTransCodePreset", {"Vhost": vhost})["AllPresetList"]
        [ours] = [one["TranscodePreset"] for one in listed]
        self.assertEqual((ours["SuffixName"], ours["VideoBitrate"]), ("ours", 900000))
        self.call("DeleteTranscodePreset", {"Vhost": vhost, "App": "live", "Preset": ours["Preset"]})
        self.assertEqual(self.livectl("transcode", "list", "--domain", "push.tr.com"), [])

    def test_callbacks(self):
        vhost = self.vhost("cb.com")
        self.call("UpdateCallback", {"Vhost": vhost, "App": "live", "MessageType": "push", "CallbackDetailList": [
            {"URL": "http://hooks.example.com/a?b=c", "CallbackType": "HTTP"}]})
        [row] = self.livectl("callback", "list", "--domain", "push.cb.com")
        self.assertEqual((row["id"], row["url"]), ("cb.com/live/#stream-begin", "http://hooks.example.com/a?b=c"))
        self.livectl("callback", "delete", row["id"])
        self.assertNotIn("hooks", json.dumps(self.call("DescribeCallback", {"Vhost": vhost})))
        self.livectl("callback", "set", "--domain", "push.cb.com", "--app", "live", "--event", "stream-end",
                     "--url", "http://hooks.example.com/ours")
        self.assertIn("http://hooks.example.com/ours", json.dumps(self.call("DescribeCallback", {"Vhost": vhost})))
        self.call("DeleteCallback", {"Vhost": vhost, "App": "live", "MessageType": "push_end"})
        self.assertEqual(self.livectl("callback", "list", "--domain", "push.cb.com"), [])


class Older(VolcengineCase):
    """The class `volcengine.live.LiveService`: one object for the process, typed requests and answers for some Actions."""

    def older(self, secret=None):
        service = OlderLiveService()
        service.set_scheme("http")
        service.set_host(self.sandbox.address)
        service.set_ak(self.sandbox.key_id)
        service.set_sk(secret or self.sandbox.secret)
        return service

    def test_it_is_answered(self):
        service = self.older()
        service.create_domain({"Domain": "push.older.com", "Type": "push", "Region": "cn"})
        listed = service.list_domain_detail({"PageNum": 1, "PageSize": 10})["Result"]["DomainList"]
        self.assertEqual([domain["Domain"] for domain in listed], ["push.older.com"])
        service.delete_domain({"Domain": "push.older.com"})
        self.assertEqual(self.livectl("domain", "list"), [])

    def test_typed_requests_and_answers(self):
        now = int(time.time())
        for title in ("标题 a+b", "other"):
            self.call("CreatePullToPushTask", {
                "Title": title, "StartTime": now, "EndTime": now + 3600, "Type": 0, "CycleMode": -1,
                "SrcAddr": "rtmp://o.example.com/live/a", "DstAddr": "rtmp://push.example.com/live/a"})
        answer = self.older().list_pull_to_push_task(ListPullToPushTaskRequest(Title="标题 a+b", Page=1, Size=20))
        self.assertEqual([task.Title for task in answer.Result.List], ["标题 a+b"])

    def test_it_is_refused(self):
        with self.assertRaises(Exception) as caught:
            self.older(secret="another").list_domain_detail({"PageNum": 1, "PageSize": 10})
        self.told(caught.exception, (100010, "SignatureDoesNotMatch"), "", "ListDomainDetail")
        with self.assertRaises(Exception) as caught:
            self.older().describe_live_bandwidth_data({})
        # These Actions it still asks for in version 2020-08-01, which is not this API.
        self.told(caught.exception, (100008, "InvalidActionOrVersion"), "2020-08-01", "DescribeLiveBandwidthData")


class Refused(Refusals, VolcengineCase):
    faults = ("volcengine:ListCertV2:throttle*forever", "volcengine:DescribeCallback:expired*forever",
              "volcengine:DescribeAuth:error*forever", "volcengine:DescribeReferer:error=AccessDenied*forever")
    rate = ("FlowLimitExceeded", "DescribeIPAccessRule", {"Domain": "p.a.com", "Vhost": "a.com"})
    DOMAIN = {"Domain": "push.a.com", "Type": "push", "Region": "cn"}
    REFUSALS = (
        ("key", (100009, "InvalidAccessKey"), "", "DescribeEncryptHLS", {}, {"key_id": "AKnobody"}),
        ("secret", (100010, "SignatureDoesNotMatch"), "", "DescribeEncryptHLS", {}, {"secret": "another"}),
        ("secret: of a query", (100010, "SignatureDoesNotMatch"), "", "ListPullToPushTask", {}, {"secret": "another"}),
        ("token", "InvalidSecretToken", "token", "DescribeEncryptHLS", {}, {"token": "an-old-token"}),
        ("expired", "InvalidSecretToken", "expired", "DescribeCallback", {"Vhost": "a.com"}, {}),
        ("throttled", "FlowLimitExceeded", "limit", "ListCertV2", {}, {}),
        ("missing", "InvalidParam", "Type", "CreateDomain", {"Domain": "push.a.com"}, {}),
        ("value", "InvalidParam.Format", "", "CreateDomain", {**DOMAIN, "Domain": "no domain"}, {}),
        ("type", "InvalidParam.BindError", "Domain", "CreateDomain", {**DOMAIN, "Domain": 7}, {}),
        ("conflict: made first", None, "", "CreateDomain", DOMAIN, {}),
        ("conflict", "InvalidParam", "exist", "CreateDomain", DOMAIN, {}),
        ("not found", "ResourceNotFound", "", "DeleteDomain", {"Domain": "push.b.com"}, {}),
        ("action", (100008, "InvalidActionOrVersion"), "DescribeNothing", "DescribeNothing", {}, {}),
        ("fault", (100014, "InternalError"), "", "DescribeAuth", {"Domain": "a.com", "SceneType": "push"}, {}),
        ("fault: permission", (100013, "AccessDenied"), "", "DescribeReferer", {"Vhost": "a.com", "App": "live"}, {}),
    )

    def test_the_one_call_a_second_of_a_documented_action(self):
        self.calls_until_refused("FlowLimitExceeded", "UpdateEncryptHLS", {
            "URL": "https://kms.example.com/get_key?", "CycleTime": "3600"})
