"""What Aliyun's two SDKs are tried with: the older one signs in the query, the newer one in headers."""

import json
import re

from support import TEXTS, Pages, Refusals, SandboxCase, utc

REQUEST_ID = re.compile(r"^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$")
STORAGE = "oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com"
PATTERN = "record/{AppName}/{StreamName}/{EscapedStartTime}"


class AliyunCase(SandboxCase):
    vendor = "aliyun"

    def playback_domain(self, name):
        """What a domain has is kept beside it, so it must be there."""
        self.livectl("domain", "add", name, "--type", "play", "--if-not-exists")
        return name

    def add_domain(self, name, kind="liveEdge"):
        self.call("AddLiveDomain", {"DomainName": name, "LiveDomainType": kind, "Region": "cn-shanghai"})

    def pulls(self, domain):
        answer = self.call("DescribeLivePullStreamConfig", {"DomainName": domain})
        return answer["LiveAppRecordList"]["LiveAppRecord"]

    def recordings(self, domain):
        answer = self.call("DescribeLiveRecordConfig", {"DomainName": domain})
        return answer["LiveAppRecordList"]["LiveAppRecord"]


class Life(AliyunCase):
    def test_a_domain_lives(self):
        self.add_domain("push.life.com")
        self.call("AddLiveDomain", {"DomainName": "play.life.com", "LiveDomainType": "liveVideo", "Region": "cn-beijing",
                                    "Scope": "domestic"})
        detail = self.call("DescribeLiveDomainDetail", {"DomainName": "play.life.com"})["DomainDetail"]
        self.assertEqual((detail["LiveDomainType"], detail["Region"]), ("liveVideo", "cn-beijing"))
        pair = {"PushDomain": "push.life.com", "PullDomain": "play.life.com"}
        self.call("AddLiveDomainMapping", pair)
        mapped = self.call("DescribeLiveDomainMapping", {"DomainName": "push.life.com"})["LiveDomainModels"]
        self.assertIn("play.life.com", json.dumps(mapped))
        self.call("DeleteLiveDomainMapping", pair)
        self.call("StopLiveDomain", {"DomainName": "play.life.com"})
        self.call("StartLiveDomain", {"DomainName": "play.life.com"})
        self.call("DeleteLiveDomain", {"DomainName": "push.life.com"})
        self.assertEqual([row["name"] for row in self.livectl("domain", "list")], ["play.life.com"])

    def test_lists_and_objects(self):
        domain = self.playback_domain("nested.life.com")
        self.call("AddLiveAppRecordConfig", {
            "DomainName": domain, "AppName": "live", "OssBucket": "b", "OssEndpoint": "oss-cn-shanghai.aliyuncs.com",
            "RecordFormat": [{"Format": "mp4", "CycleDuration": 3600, "OssObjectPrefix": PATTERN},
                             {"Format": "flv", "CycleDuration": 1800, "OssObjectPrefix": PATTERN}]})
        [config] = self.recordings(domain)
        formats = config["RecordFormatList"]["RecordFormat"]
        self.assertEqual([(one["Format"], one["CycleDuration"], one["OssObjectPrefix"]) for one in formats],
                         [("mp4", 3600, PATTERN), ("flv", 1800, PATTERN)])
        functions = [{"functionName": "referer_white_list_set", "functionArgs": [
            {"argName": "refer_domain_allow_list", "argValue": "a.example.com,*.b.example.com"},
            {"argName": "allow_empty", "argValue": "off"}]}]
        self.call("BatchSetLiveDomainConfigs", {"DomainNames": domain, "Functions": json.dumps(functions)})
        [config] = self.call("DescribeLiveDomainConfigs", {
            "DomainName": domain, "FunctionNames": "referer_white_list_set"})["DomainConfigs"]["DomainConfig"]
        arguments = {one["ArgName"]: one["ArgValue"] for one in config["FunctionArgs"]["FunctionArg"]}
        self.assertEqual(arguments, {"refer_domain_allow_list": "a.example.com,*.b.example.com", "allow_empty": "off"})
        self.call("BatchDeleteLiveDomainConfigs", {"DomainNames": domain, "FunctionNames": "referer_white_list_set"})
        left = self.call("DescribeLiveDomainConfigs", {"DomainName": domain, "FunctionNames": "referer_white_list_set"})
        self.assertEqual(left["DomainConfigs"]["DomainConfig"], [])

    def test_texts_come_back_as_they_were_sent(self):
        domain = self.playback_domain("texts.life.com")
        sources = {text: f"rtmp://o.example.com/live/a?k={text.replace(';', '')}" for text in TEXTS}
        for text, source in sources.items():
            self.call("AddLivePullStreamInfoConfig", {"DomainName": domain, "AppName": "app 1", "StreamName": text,
                                                      "SourceUrl": source, "StartTime": utc(0), "EndTime": utc(2)})
        self.assertEqual({one["StreamName"]: (one["AppName"], one["SourceUrl"]) for one in self.pulls(domain)},
                         {text: ("app 1", source) for text, source in sources.items()})
        rows = self.livectl("relay", "list", "--domain", domain)
        self.assertEqual({row["stream"]: (row["app"], row["sources"]) for row in rows},
                         {text: ("app 1", [source]) for text, source in sources.items()})
        for text in TEXTS:
            self.call("DeleteLivePullStreamInfoConfig", {"DomainName": domain, "AppName": "app 1", "StreamName": text})
        self.assertEqual(self.pulls(domain), [])

    def test_streams_are_forbidden_and_resumed(self):
        domain = self.playback_domain("forbid.life.com")
        key = {"DomainName": domain, "AppName": "live", "StreamName": "s 1+%", "LiveStreamType": "publisher"}
        self.call("ForbidLiveStream", key)
        listed = self.call("DescribeLiveStreamsBlockList", {"DomainName": domain})
        self.assertIn("s 1+%", json.dumps(listed))
        self.call("ResumeLiveStream", key)
        self.assertNotIn("s 1+%", json.dumps(self.call("DescribeLiveStreamsBlockList", {"DomainName": domain})))

    def test_reads_of_what_is_not_set(self):
        domain = self.playback_domain("empty.life.com")
        for action in ("DescribeLiveSnapshotConfig", "DescribeLiveStreamsOnlineList", "DescribeLiveCertificateList",
                       "DescribeLiveStreamsNotifyUrlConfig", "DescribeLiveRecordVodConfigs"):
            with self.subTest(action):
                self.call(action, {"DomainName": domain})


class DomainPages(Pages, AliyunCase):
    # More than ten calls a second would be refused.
    count, size = 9, 4

    def add(self, name):
        self.add_domain(name)

    def page(self, number, size):
        answer = self.call("DescribeLiveUserDomains", {"DomainName": "example.net", "PageNumber": number, "PageSize": size})
        self.assertEqual(answer["PageNumber"], number)
        return [domain["DomainName"] for domain in answer["Domains"]["PageData"]], answer["TotalCount"]


class BothWays(AliyunCase):
    """What the client creates livectl lists and deletes, and the other way round."""

    def test_domains(self):
        self.add_domain("theirs.both.com")
        self.livectl("domain", "add", "ours.both.com", "--type", "play")
        listed = self.call("DescribeLiveUserDomains", {"DomainName": "s.both.com"})["Domains"]["PageData"]
        self.assertEqual({d["DomainName"]: d["LiveDomainType"] for d in listed},
                         {"theirs.both.com": "liveEdge", "ours.both.com": "liveVideo"})
        rows = {row["name"]: row["type"] for row in self.livectl("domain", "list") if row["name"].endswith("s.both.com")}
        self.assertEqual(rows, {"theirs.both.com": "push", "ours.both.com": "play"})
        self.livectl("domain", "delete", "theirs.both.com")
        self.call("DeleteLiveDomain", {"DomainName": "ours.both.com"})
        self.assertEqual(self.call("DescribeLiveUserDomains", {"DomainName": "s.both.com"})["TotalCount"], 0)

    def test_relays(self):
        domain = self.playback_domain("relay.both.org")
        source = "rtmp://a.example.com/live/a;rtmp://b.example.com/live/a"
        theirs = {"DomainName": domain, "AppName": "live", "StreamName": "theirs"}
        self.call("AddLivePullStreamInfoConfig", {**theirs, "SourceUrl": source, "StartTime": utc(0), "EndTime": utc(2)})
        self.livectl("relay", "add", "--domain", domain, "--app", "live", "--stream", "ours 流", "--start", "now",
                     "--source", "rtmp://o.example.com/live/s?k=a%2Fb", "--end", "+1d")
        found = {record["StreamName"]: record["SourceUrl"] for record in self.pulls(domain)}
        self.assertEqual(found, {"theirs": source, "ours 流": "rtmp://o.example.com/live/s?k=a%2Fb"})
        rows = {row["stream"]: row["sources"] for row in self.livectl("relay", "list", "--domain", domain)}
        self.assertEqual(rows, {"theirs": source.split(";"), "ours 流": ["rtmp://o.example.com/live/s?k=a%2Fb"]})
        self.call("UpdateLivePullStreamInfoConfig", {**theirs, "SourceUrl": "rtmp://c.example.com/l/a", "StartTime": utc(0),
                                                     "EndTime": utc(1)})
        self.assertEqual(self.livectl("relay", "show", f"{domain}/live/theirs")["sources"], ["rtmp://c.example.com/l/a"])
        self.livectl("relay", "delete", f"{domain}/live/theirs")
        self.call("DeleteLivePullStreamInfoConfig", {**theirs, "StreamName": "ours 流"})
        self.assertEqual(self.pulls(domain), [])

    def test_recordings(self):
        domain = self.playback_domain("record.both.org")
        self.livectl("record", "add", "--domain", domain, "--app", "ours", "--format", "flv", "--segment", "30m",
                     "--storage", STORAGE)
        [config] = self.recordings(domain)
        formats = config["RecordFormatList"]["RecordFormat"]
        self.assertEqual((config["AppName"], config["OssBucket"]), ("ours", "bucket"))
        self.assertEqual([(one["Format"], one["CycleDuration"]) for one in formats], [("flv", 1800)])
        self.call("DeleteLiveAppRecordConfig", {"DomainName": domain, "AppName": "ours"})
        self.assertEqual(self.livectl("record", "list", "--domain", domain), [])
        self.call("AddLiveAppRecordConfig", {
            "DomainName": domain, "AppName": "theirs", "OssBucket": "b", "OssEndpoint": "oss-cn-shanghai.aliyuncs.com",
            "RecordFormat": [{"Format": "mp4", "CycleDuration": 3600, "OssObjectPrefix": PATTERN}]})
        [row] = self.livectl("record", "list", "--domain", domain)
        self.assertEqual((row["app"], row["formats"], row["segment_seconds"]), ("theirs", ["mp4"], 3600))
        self.livectl("record", "delete", row["id"])
        self.assertEqual(self.recordings(domain), [])

    def test_renditions(self):
        domain = self.playback_domain("transcode.both.org")
        self.call("AddCustomLiveStreamTranscode", {
            "Domain": domain, "App": "live", "Template": "theirs", "TemplateType": "h264", "Height": 720, "Width": 1280,
            "FPS": 25, "VideoBitrate": 1500})
        [row] = self.livectl("transcode", "list", "--domain", domain)
        self.assertEqual((row["id"], row["codec"], row["height"], row["video_kbps"], row["fps"]),
                         (f"{domain}/live/#theirs", "h264", 720, 1500, 25))
        self.livectl("transcode", "delete", row["id"])
        self.livectl("transcode", "add", "--domain", domain, "--app", "live", "--name", "ours", "--codec", "h264",
                     "--width", "1280", "--height", "720", "--video-kbps", "900")
        shown = self.call("DescribeLiveStreamTranscodeInfo", {"DomainTranscodeName": domain})["DomainTranscodeList"]
        self.assertIn('"ours"', json.dumps(shown))
        self.assertNotIn('"theirs"', json.dumps(shown))
        self.call("DeleteLiveStreamTranscode", {"Domain": domain, "App": "live", "Template": "ours"})
        self.assertEqual(self.livectl("transcode", "list", "--domain", domain), [])

    def test_callbacks(self):
        domain = self.playback_domain("callback.both.org")
        self.call("SetLiveStreamsNotifyUrlConfig", {"DomainName": domain, "NotifyUrl": "http://hooks.example.com/a?b=c"})
        rows = self.livectl("callback", "list", "--domain", domain)
        self.assertEqual({row["event"]: row["url"] for row in rows},
                         {event: "http://hooks.example.com/a?b=c" for event in ("stream-begin", "stream-end")})
        self.livectl("callback", "delete", f"{domain}//", "--event", "stream-begin,stream-end")
        shown = self.call("DescribeLiveStreamsNotifyUrlConfig", {"DomainName": domain})
        self.assertNotIn("hooks", json.dumps(shown))
        self.livectl("callback", "set", "--domain", domain, "--event", "stream-begin,stream-end",
                     "--url", "http://hooks.example.com/ours")
        shown = self.call("DescribeLiveStreamsNotifyUrlConfig", {"DomainName": domain})
        self.assertIn("http://hooks.example.com/ours", json.dumps(shown))
        self.call("DeleteLiveStreamsNotifyUrlConfig", {"DomainName": domain})
        self.assertEqual(self.livectl("callback", "list", "--domain", domain), [])


class AliyunRefusals(Refusals, AliyunCase):
    faults = ("aliyun:DescribeLiveRecordConfig:throttle*forever", "aliyun:DescribeLiveSnapshotConfig:expired*forever",
              "aliyun:DescribeLiveCertificateList:error*forever", "aliyun:DescribeLiveDomainMapping:error=ServiceBusy*forever")
    rate = ("Throttling.User", "DescribeLiveUserDomains", {})
    DOMAIN = {"DomainName": "a.com", "LiveDomainType": "liveEdge", "Region": "cn-shanghai"}
    # (HTTP status, code) where a row says so: both SDKs hand it on.
    REFUSALS = (
        ("key", (404, "InvalidAccessKeyId.NotFound"), "access key", "DescribeLiveUserDomains", {}, {"key_id": "LTAInobody"}),
        ("token", (400, "InvalidSecurityToken.Expired"), "SecurityToken", "DescribeLiveUserDomains", {},
         {"token": "an-old+token/="}),
        ("expired", (400, "InvalidSecurityToken.Expired"), "expired", "DescribeLiveSnapshotConfig", {"DomainName": "a.com"}, {}),
        ("throttled", (400, "Throttling.User"), "flow control", "DescribeLiveRecordConfig", {"DomainName": "a.com"}, {}),
        ("missing", (400, "MissingParameter"), "Region", "AddLiveDomain", {"DomainName": "a.com", "LiveDomainType": "liveEdge"},
         {}),
        ("missing: a domain", (400, "MissingDomainName"), "DomainName", "DeleteLiveDomain", {}, {}),
        ("value", (400, "InvalidDomainName.Malformed"), "malformed", "AddLiveDomain",
         {**DOMAIN, "DomainName": "no domain"}, {}),
        ("conflict: made first", None, "", "AddLiveDomain", DOMAIN, {}),
        ("conflict", (400, "DomainAlreadyExist"), "a.com", "AddLiveDomain", DOMAIN, {}),
        ("not found", (404, "InvalidDomain.NotFound"), "", "DeleteLiveDomain", {"DomainName": "no.example.com"}, {}),
        ("action", (404, "InvalidAction.NotFound"), "DescribeNothing", "DescribeNothing", {}, {}),
        ("fault", (500, "InternalError"), "", "DescribeLiveCertificateList", {"DomainName": "a.com"}, {}),
        ("fault: busy", (403, "ServiceBusy"), "", "DescribeLiveDomainMapping", {"DomainName": "a.com"}, {}),
    )
