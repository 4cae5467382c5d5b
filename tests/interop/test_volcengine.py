"""Volcengine's own SDK against the sandbox."""

import json
import time

from volcengine.live.v20230101.live_service import LiveService

from support import SandboxCase


class VolcengineCase(SandboxCase):
    def client(self, key_id=None, secret=None, token=None):
        service = LiveService(host=self.sandbox.address, ak=key_id or self.sandbox.key_id,
                              sk=secret or self.sandbox.secret)
        service.set_scheme("http")
        # All clients of this SDK share one set of credentials.
        service.set_session_token(token or "")
        return service

    def call(self, action, body=None, client=None, query=None):
        client = client or self.client()
        if client.api_info[action].method == "GET":
            answer = client.get(action, dict(query or {}))
        else:
            answer = client.json(action, dict(query or {}), json.dumps(body or {}))
        answer = json.loads(answer)
        self.assertEqual(answer["ResponseMetadata"]["Action"], action)
        self.assertNotIn("Error", answer["ResponseMetadata"])
        return answer.get("Result")

    def refused(self, code, action, body=None, client=None, query=None):
        """This SDK raises the body of every answer that is not HTTP 200: as text, or as bytes."""
        with self.assertRaises(Exception) as caught:
            self.call(action, body, client, query)
        told = caught.exception.args[0]
        metadata = json.loads(told)["ResponseMetadata"]
        self.assertEqual(metadata["Error"]["Code"], code, told)
        self.assertTrue(metadata["RequestId"])
        self.assertEqual((metadata["Service"], metadata["Action"]), ("live", action))
        return metadata["Error"]


class Life(VolcengineCase):
    def test_a_domain_lives_and_livectl_sees_it(self):
        self.call("CreateDomain", {"Domain": "push.life.com", "Type": "push", "Region": "cn"})
        self.call("CreateDomainV2", {"Vhost": "life.com", "Domains": [
            {"DomainName": "pull.life.com", "Type": "pull-flv", "Region": "cn"}], "Tags": [
            {"Key": "团队", "Value": "a&b=c", "Category": "Custom"}]})
        listed = self.call("ListDomainDetail", {"PageNum": 1, "PageSize": 1, "VhostList": ["life.com"]})
        self.assertEqual((listed["Total"], len(listed["DomainList"])), (2, 1))
        shown = self.call("DescribeDomain", {"DomainList": ["pull.life.com"]})["DomainList"][0]
        self.assertEqual((shown["Vhost"], shown["Tags"][0]["Key"]), ("life.com", "团队"))
        self.call("DisableDomain", {"Domain": "push.life.com"})
        rows = {row["name"]: row for row in self.livectl("volcengine", "domain", "list")}
        self.assertEqual((rows["push.life.com"]["type"], rows["push.life.com"]["status"]), ("push", "disabled"))
        self.call("EnableDomain", {"Domain": "push.life.com"})
        self.call("DeleteDomain", {"Domain": "push.life.com"})
        self.refused("ResourceNotFound", "DeleteDomain", {"Domain": "push.life.com"})

    def test_what_livectl_adds_the_sdk_lists(self):
        self.livectl("volcengine", "domain", "add", "push.other.com", "--type", "push")
        names = [d["Domain"] for d in self.call("ListDomainDetail", {"PageNum": 1, "PageSize": 100})["DomainList"]]
        self.assertIn("push.other.com", names)

    def test_a_relay_lives(self):
        now = int(time.time())
        stream = {"Domain": "push.relay.com", "App": "live", "Stream": "流 1+%&"}
        sources = ["rtmp://origin.example.com/live/a?x=1&y=中", "https://o.example.com/a.flv"]
        made = self.call("CreateRelaySourceV4", {**stream, "SrcAddrS": sources, "StartTime": now, "EndTime": now + 600})
        self.assertTrue(made["TaskId"].isdigit())
        listed = self.call("ListRelaySourceV4", {"Domain": "push.relay.com", "PageNum": 1, "PageSize": 10})
        self.assertEqual((listed["List"][0]["SrcAddrS"], listed["List"][0]["Stream"]), (sources, stream["Stream"]))
        row = self.livectl("volcengine", "relay", "list", "--domain", "push.relay.com")[0]
        self.assertEqual((row["stream"], row["sources"]), (stream["Stream"], sources))
        self.refused("InvalidParam", "CreateRelaySourceV4", {**stream, "SrcAddrS": sources})
        self.call("UpdateRelaySourceV4", {**stream, "SrcAddrS": sources[:1]})
        self.call("DeleteRelaySourceV4", stream)
        self.livectl("volcengine", "relay", "add", "--domain", "push.relay.com", "--app", "live", "--stream", "mine",
                     "--source", "https://origin.example.com/s2.flv", "--permanent")
        again = self.call("ListRelaySourceV4", {"Domain": "push.relay.com"})["List"]
        self.assertEqual([(r["Stream"], r["StartTime"]) for r in again], [("mine", 0)])

    def test_a_triggered_relay_and_a_push_task_live(self):
        groups = [{"Group": "g1", "Servers": [{"RelaySourceDomain": "o.example.com", "RelaySourceProtocol": "rtmp"}]}]
        self.call("UpdateRelaySourceV3", {"Vhost": "v3.com", "App": "live", "GroupDetails": groups})
        shown = self.call("DescribeRelaySourceV3", {"Vhost": "v3.com"})["RelaySourceConfigList"]
        self.assertEqual(shown[0]["GroupDetails"][0]["Group"], "g1")
        self.call("DeleteRelaySourceV3", {"Vhost": "v3.com", "App": "live"})
        now = int(time.time())
        task = self.call("CreatePullToPushTask", {
            "Title": "标题 a+b", "StartTime": now, "EndTime": now + 3600, "Type": 0, "CycleMode": -1,
            "SrcAddr": "rtmp://o.example.com/live/a", "DstAddr": "rtmp://push.example.com/live/a"})["TaskId"]
        # A GET with blanks, a plus sign and other writing in its query.
        listed = self.call("ListPullToPushTask", query={"Title": "标题 a+b", "Page": 1, "Size": 20})
        self.assertEqual([t["TaskId"] for t in listed["List"]], [task])
        self.assertEqual(self.call("ListPullToPushTask", query={"Title": "a b"})["List"], [])
        self.call("StopPullToPushTask", {"TaskId": task})
        self.call("DeletePullToPushTask", {"TaskId": task})

    def test_the_keys_of_hls(self):
        setting = {"URL": "https://kms.example.com/get_key?v=1&", "CycleTime": "3600"}
        self.call("UpdateEncryptHLS", setting)
        self.assertEqual(self.call("DescribeEncryptHLS"), {"URL": setting["URL"], "CycleTime": 3600})
        row = self.livectl("volcengine", "hls-key", "show", "--jq", "[.] | flatten | .[0]")
        self.assertEqual((row["key_url"], row["cycle_seconds"]), (setting["URL"], 3600))
        binding = {"Vhost": "hls.com", "App": "live", "DRMSystems": ["ClearKey"], "EncryptOriginStream": True,
                   "EncryptTranscodeStream": False}
        self.call("BindEncryptDRM", binding)
        bound = self.call("ListBindEncryptDRM", {"Vhost": "hls.com"})["DRMBindingList"]
        self.assertEqual((len(bound), bound[0]["DRMSystems"]), (1, ["ClearKey"]))
        self.call("UnBindEncryptDRM", {"Vhost": "hls.com", "App": "live"})
        key = self.call("GetHLSEncryptDataKey", query={"KeyID": "08e765a4da"}, body={"KeyID": "08e765a4da"})
        self.assertEqual(len(key["DataKey"]), 16)

    def test_presets_are_seen_from_both_sides(self):
        self.call("CreateDomainV2", {"Vhost": "both.com", "Domains": [
            {"DomainName": "push.both.com", "Type": "push", "Region": "cn"}]})
        self.livectl("volcengine", "record", "add", "--domain", "push.both.com", "--app", "live", "--format", "flv",
                     "--segment", "30m", "--storage", "tos://bucket/rec")
        [preset] = self.call("ListVhostRecordPresetV2", {"Vhost": "both.com", "Type": "tos"})["PresetList"]
        config = preset["SlicePresetV2"]["RecordPresetConfig"]
        self.assertEqual((preset["App"], config["FlvParam"]["Enable"], config["FlvParam"]["Duration"]),
                         ("live", True, 1800))
        self.call("DeleteRecordPreset", {"Vhost": "both.com", "App": "live",
                                         "Preset": preset["SlicePresetV2"]["Name"]})
        self.assertEqual(self.livectl("volcengine", "record", "list", "--domain", "push.both.com"), [])

        self.call("CreateTranscodePreset", {"Vhost": "both.com", "App": "live", "SuffixName": "_hd", "Vcodec": "h264",
                                            "Height": 720, "VideoBitrate": 1500000})
        [row] = self.livectl("volcengine", "transcode", "list", "--domain", "push.both.com")
        self.assertEqual((row["id"], row["codec"], row["height"], row["video_kbps"]),
                         ("both.com/live/#_hd", "h264", 720, 1500))

        self.call("UpdateCallback", {"Vhost": "both.com", "App": "live", "MessageType": "push",
                                     "CallbackDetailList": [{"URL": "http://hooks.example.com/a?b=c",
                                                             "CallbackType": "HTTP"}]})
        [row] = self.livectl("volcengine", "callback", "list", "--domain", "push.both.com")
        self.assertEqual((row["id"], row["url"]),
                         ("both.com/live/#stream-begin", "http://hooks.example.com/a?b=c"))
        self.livectl("volcengine", "callback", "delete", row["id"])
        self.assertNotIn("hooks", json.dumps(self.call("DescribeCallback", {"Vhost": "both.com"})))

    def test_actions_without_state_answer(self):
        for action, body in {
            "ListVhostTransCodePreset": {"Vhost": "a.com"}, "ListVhostRecordPresetV2": {"Vhost": "a.com"},
            "DescribeCallback": {"Vhost": "a.com"}, "ListCertV2": {}, "DescribeIPAccessRule": {"Domain": "p.a.com", "Vhost": "a.com"},
        }.items():
            with self.subTest(action):
                self.assertIsInstance(self.call(action, body), dict)


class Refusals(VolcengineCase):
    faults = ("volcengine:ListCertV2:throttle", "volcengine:DescribeCallback:expired", "volcengine:DescribeAuth:error")

    def test_credentials(self):
        self.refused("SignatureDoesNotMatch", "DescribeEncryptHLS", client=self.client(secret="another"))
        self.refused("InvalidAccessKey", "DescribeEncryptHLS", client=self.client(key_id="AKnobody"))
        self.refused("InvalidSecretToken", "DescribeEncryptHLS", client=self.client(token="an-old-token"))
        self.refused("InvalidSecretToken", "DescribeCallback", {"Vhost": "a.com"})
        wrong = self.client(secret="another")
        self.assertEqual(self.refused("SignatureDoesNotMatch", "ListPullToPushTask", client=wrong)["CodeN"], 100010)

    def test_parameters(self):
        self.refused("InvalidParam", "CreateDomain", {"Domain": "a.example.com"})
        self.refused("InvalidParam.BindError", "CreateDomain", {"Domain": 7, "Type": "push"})
        self.refused("InvalidParam.Format", "CreateDomain", {"Domain": "no domain", "Type": "push"})

    def test_unknown_actions_and_versions(self):
        client = self.client()
        client.api_info["DescribeNothing"] = type(client.api_info["DeleteDomain"])(
            "POST", "/", {"Action": "DescribeNothing", "Version": "2023-01-01"}, {}, {})
        self.assertEqual(self.refused("InvalidActionOrVersion", "DescribeNothing", client=client)["CodeN"], 100008)

    def test_throttling_and_the_vendors_own_fault(self):
        self.refused("FlowLimitExceeded", "ListCertV2")
        self.refused("InternalError", "DescribeAuth", {"Domain": "a.com", "SceneType": "push"})
