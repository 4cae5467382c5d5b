"""What Tencent's two clients are tried with: the SDK and the command line speak to the same API."""

import re

from support import TEXTS, Pages, Refusals, SandboxCase, utc

REQUEST_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")

WATERMARK = {"PictureUrl": "https://example.com/w.png?a=1&b=c+d", "XPosition": 10, "YPosition": 20, "Width": 0,
             "Height": 0, "Location": 0}


class TencentCase(SandboxCase):
    vendor = "tencent"

    def task(self, stream, **more):
        """Creates a pull task; its id."""
        return self.call("CreateLivePullStreamTask", {
            "SourceType": "PullLivePushLive", "SourceUrls": ["rtmp://o.example.com/live/a?x=1&y=中"], "Operator": "client",
            "DomainName": "push.example.com", "AppName": "live", "StreamName": stream, "StartTime": utc(0),
            "EndTime": utc(1), **more})["TaskId"]

    def tasks(self, **params):
        return self.call("DescribeLivePullStreamTasks", params)["TaskInfos"]


class Life(TencentCase):
    def test_a_domain_lives(self):
        name = {"DomainName": "life.example.com"}
        self.call("AddLiveDomain", {**name, "DomainType": 1, "PlayType": 1})
        info = self.call("DescribeLiveDomain", name)["DomainInfo"]
        self.assertEqual((info["Type"], info["Status"], info["PlayType"]), (1, 1, 1))
        self.call("ModifyLivePlayDomain", {**name, "PlayType": 2})
        self.call("ForbidLiveDomain", name)
        [row] = self.livectl("domain", "list")
        self.assertEqual((row["type"], row["status"], row["area"]), ("play", "disabled", "global"))
        self.call("EnableLiveDomain", name)
        self.assertEqual(self.livectl("domain", "show", "life.example.com")["status"], "enabled")
        self.call("DeleteLiveDomain", {**name, "DomainType": 1})
        self.assertEqual(self.call("DescribeLiveDomains", {})["AllCount"], 0)

    def test_a_task_with_lists_and_nested_objects(self):
        task = self.task("nested", CallbackEvents=["TaskStart", "TaskExit"], WatermarkList=[WATERMARK, WATERMARK])
        [found] = self.tasks(TaskId=task)
        self.assertEqual((found["CallbackEvents"], len(found["WatermarkList"])), (["TaskStart", "TaskExit"], 2))
        self.assertEqual({name: found["WatermarkList"][0][name] for name in WATERMARK}, WATERMARK)
        self.call("ModifyLivePullStreamTask", {"TaskId": task, "Operator": "client", "Comment": "changed"})
        self.call("RestartLivePullStreamTask", {"TaskId": task, "Operator": "client"})
        self.assertEqual(self.tasks(TaskId=task)[0]["Comment"], "changed")
        self.call("DeleteLivePullStreamTask", {"TaskId": task, "Operator": "client"})
        self.assertEqual(self.tasks(TaskId=task), [])

    def test_texts_come_back_as_they_were_sent(self):
        made = {self.task("texts", Comment=text, SourceUrls=[f"rtmp://o.example.com/live/{text}"]): text for text in TEXTS}
        found = {task["TaskId"]: task for task in self.tasks(PageNum=1, PageSize=20)}
        rows = {row["id"]: row for row in self.livectl("relay", "list", "--domain", "push.example.com")}
        for task, text in made.items():
            with self.subTest(text):
                source = [f"rtmp://o.example.com/live/{text}"]
                self.assertEqual((found[task]["Comment"], found[task]["SourceUrls"]), (text, source))
                self.assertEqual(rows[task]["sources"], source)

    def test_a_transcode_template_lives(self):
        made = self.call("CreateLiveTranscodeTemplate", {
            "TemplateName": "t720", "VideoBitrate": 1500, "Vcodec": "h264", "Width": 1280, "Height": 720, "Fps": 25})
        key = {"TemplateId": made["TemplateId"]}
        found = self.call("DescribeLiveTranscodeTemplate", key)["Template"]
        self.assertEqual((found["TemplateName"], found["VideoBitrate"], found["Height"]), ("t720", 1500, 720))
        self.call("ModifyLiveTranscodeTemplate", {**key, "VideoBitrate": 1200})
        listed = self.call("DescribeLiveTranscodeTemplates", {})["Templates"]
        self.assertEqual([t["VideoBitrate"] for t in listed if t["TemplateId"] == made["TemplateId"]], [1200])
        self.call("DeleteLiveTranscodeTemplate", key)
        self.assertEqual(self.call("DescribeLiveTranscodeTemplates", {})["Templates"], [])


class DomainPages(Pages, TencentCase):
    def add(self, name):
        self.call("AddLiveDomain", {"DomainName": name, "DomainType": 0})

    def page(self, number, size):
        answer = self.call("DescribeLiveDomains", {"DomainPrefix": "page", "PageNum": number, "PageSize": size})
        return [domain["Name"] for domain in answer["DomainList"]], answer["AllCount"]


class BothWays(TencentCase):
    """What the client creates livectl lists and deletes, and the other way round."""

    def test_domains(self):
        self.call("AddLiveDomain", {"DomainName": "theirs.example.com", "DomainType": 0})
        self.livectl("domain", "add", "ours.example.com", "--type", "play", "--area", "overseas")
        listed = self.call("DescribeLiveDomains", {"PageNum": 1, "PageSize": 10})["DomainList"]
        self.assertEqual({d["Name"]: (d["Type"], d["PlayType"]) for d in listed if d["Type"] == 1},
                         {"ours.example.com": (1, 3)})
        rows = {row["name"]: row["type"] for row in self.livectl("domain", "list")}
        self.assertEqual(rows, {"theirs.example.com": "push", "ours.example.com": "play"})
        self.livectl("domain", "delete", "theirs.example.com")
        self.call("DeleteLiveDomain", {"DomainName": "ours.example.com", "DomainType": 1})
        self.assertEqual(self.call("DescribeLiveDomains", {})["AllCount"], 0)

    def test_relays(self):
        theirs = self.task("theirs")
        ours = self.livectl("relay", "add", "--domain", "push.example.com", "--app", "live", "--stream", "ours 流",
                            "--source", "rtmp://o.example.com/live/s9?k=a%2Fb", "--start", "now", "--end", "+2d")["id"]
        streams = {task["TaskId"]: (task["StreamName"], task["SourceUrls"]) for task in self.tasks(PageNum=1, PageSize=20)}
        self.assertEqual(streams[ours], ("ours 流", ["rtmp://o.example.com/live/s9?k=a%2Fb"]))
        rows = {row["id"]: row for row in self.livectl("relay", "list", "--domain", "push.example.com")}
        self.assertEqual((set(rows), rows[theirs]["stream"], rows[theirs]["app"]), ({theirs, ours}, "theirs", "live"))
        self.livectl("relay", "delete", theirs)
        self.call("DeleteLivePullStreamTask", {"TaskId": ours, "Operator": "client"})
        self.assertEqual(self.tasks(), [])

    def test_recordings(self):
        self.livectl("record", "add", "--domain", "push.rec.com", "--app", "live", "--format", "mp4", "--segment", "30m")
        [rule] = self.call("DescribeLiveRecordRules", {})["Rules"]
        ours = self.call("DescribeLiveRecordTemplate", {"TemplateId": rule["TemplateId"]})["Template"]
        self.assertEqual((rule["AppName"], ours["Mp4Param"]["Enable"], ours["Mp4Param"]["RecordInterval"]),
                         ("live", 1, 1800))
        theirs = self.call("CreateLiveRecordTemplate", {
            "TemplateName": "theirs", "FlvParam": {"Enable": 1, "RecordInterval": 600, "StorageTime": 0},
            "HlsParam": {"Enable": 1, "RecordInterval": 600, "StorageTime": 0}})["TemplateId"]
        self.call("CreateLiveRecordRule", {"DomainName": "push.rec.com", "AppName": "app", "TemplateId": theirs})
        rows = {row["app"]: row for row in self.livectl("record", "list", "--domain", "push.rec.com")}
        self.assertEqual((sorted(rows["app"]["formats"]), rows["app"]["segment_seconds"]), (["flv", "hls"], 600))
        self.livectl("record", "delete", rows["app"]["id"])
        self.call("DeleteLiveRecordRule", {"DomainName": "push.rec.com", "AppName": "live", "StreamName": ""})
        self.assertEqual(self.call("DescribeLiveRecordRules", {})["Rules"], [])

    def test_renditions(self):
        theirs = self.call("CreateLiveTranscodeTemplate", {
            "TemplateName": "theirs", "VideoBitrate": 1500, "Vcodec": "h265", "Height": 720})["TemplateId"]
        self.call("CreateLiveTranscodeRule", {"DomainName": "play.tr.com", "AppName": "", "StreamName": "",
                                              "TemplateId": theirs})
        [row] = self.livectl("transcode", "list", "--domain", "play.tr.com")
        self.assertEqual((row["id"], row["name"], row["app"], row["codec"], row["video_kbps"]),
                         (f"play.tr.com//#{theirs}", "theirs", None, "h265", 1500))
        self.livectl("transcode", "delete", row["id"])
        self.livectl("transcode", "add", "--domain", "play.tr.com", "--app", "live", "--name", "ours", "--codec", "h264",
                     "--width", "1280", "--height", "720", "--video-kbps", "900")
        [rule] = self.call("DescribeLiveTranscodeRules", {})["Rules"]
        ours = self.call("DescribeLiveTranscodeTemplate", {"TemplateId": rule["TemplateId"]})["Template"]
        self.assertEqual((rule["AppName"], ours["TemplateName"], ours["Vcodec"], ours["VideoBitrate"]),
                         ("live", "ours", "h264", 900))
        self.call("DeleteLiveTranscodeRule", {"DomainName": "play.tr.com", "AppName": "live", "StreamName": "",
                                              "TemplateId": rule["TemplateId"]})
        self.assertEqual(self.livectl("transcode", "list", "--domain", "play.tr.com"), [])

    def test_callbacks(self):
        theirs = self.call("CreateLiveCallbackTemplate", {
            "TemplateName": "theirs", "CallbackKey": "k-1",
            "StreamBeginNotifyUrl": "http://hooks.example.com/a?b=c"})["TemplateId"]
        self.call("CreateLiveCallbackRule", {"DomainName": "push.cb.com", "AppName": "live", "TemplateId": theirs})
        [row] = self.livectl("callback", "list", "--domain", "push.cb.com")
        self.assertEqual((row["event"], row["url"], row["auth"]), ("stream-begin", "http://hooks.example.com/a?b=c", True))
        self.livectl("callback", "delete", row["id"])
        self.assertEqual(self.call("DescribeLiveCallbackRules", {})["Rules"], [])
        self.livectl("callback", "set", "--domain", "push.cb.com", "--app", "ours", "--event", "stream-end",
                     "--url", "http://hooks.example.com/end")
        [rule] = self.call("DescribeLiveCallbackRules", {})["Rules"]
        ours = self.call("DescribeLiveCallbackTemplate", {"TemplateId": rule["TemplateId"]})["Template"]
        self.assertEqual((rule["AppName"], ours["StreamEndNotifyUrl"]), ("ours", "http://hooks.example.com/end"))
        self.call("DeleteLiveCallbackRule", {"DomainName": "push.cb.com", "AppName": "ours"})
        self.assertEqual(self.livectl("callback", "list", "--domain", "push.cb.com"), [])


class TencentRefusals(Refusals, TencentCase):
    faults = ("tencent:DescribeLiveWatermarks:throttle*forever", "tencent:DescribeLiveCerts:expired*forever",
              "tencent:DescribeLiveCallbackRules:error*forever",
              "tencent:DescribeLiveRecordRules:error=UnauthorizedOperation*forever")
    rate = ("RequestLimitExceeded", "DescribeCasterList", {})
    DOMAIN = {"DomainName": "a.example.com", "DomainType": 0}
    REFUSALS = (
        ("key", "AuthFailure.SecretIdNotFound", "SecretId", "DescribeLiveDomains", {}, {"key_id": "AKIDnobody"}),
        ("secret", "AuthFailure.SignatureFailure", "credentials", "DescribeLiveDomains", {}, {"secret": "another"}),
        ("token", "AuthFailure.TokenFailure", "token", "DescribeLiveDomains", {}, {"token": "an-old+token/="}),
        ("expired", "AuthFailure.TokenFailure", "expired", "DescribeLiveCerts", {}, {}),
        ("throttled", "RequestLimitExceeded", "limit", "DescribeLiveWatermarks", {}, {}),
        ("missing", "MissingParameter", "DomainType", "AddLiveDomain", {"DomainName": "a.example.com"}, {}),
        ("missing: in a list", "MissingParameter", "InputStreamName", "CreateCommonMixStream", {
            "MixStreamSessionId": "m", "InputStreamList": [{"LayoutParams": {"ImageLayer": 1}}],
            "OutputParams": {"OutputStreamName": "o"}}, {}),
        ("value", "InvalidParameterValue", "DomainType", "AddLiveDomain", {**DOMAIN, "DomainType": 7}, {}),
        ("value: a number", "InvalidParameterValue", "a number of 1 or more", "DescribeLiveStreamOnlineList", {"PageNum": 0}, {}),
        ("value: a name", "InvalidParameter.DomainFormatError", "no domain", "AddLiveDomain",
         {**DOMAIN, "DomainName": "no domain"}, {}),
        ("type", "InvalidParameter", "DomainType", "AddLiveDomain", {**DOMAIN, "DomainType": "push"}, {}),
        ("conflict: made first", None, "", "AddLiveDomain", DOMAIN, {}),
        ("conflict", "InvalidParameter.DomainAlreadyExist", "a.example.com", "AddLiveDomain", DOMAIN, {}),
        ("not found", "ResourceNotFound.DomainNotExist", "no.example.com", "DescribeLiveDomain",
         {"DomainName": "no.example.com"}, {}),
        ("not found: a task", "InvalidParameter.TaskNotExist", "", "DeleteLivePullStreamTask",
         {"TaskId": "1", "Operator": "client"}, {}),
        ("action", "InvalidAction", "DescribeNothing", "DescribeNothing", {}, {}),
        ("unknown", "UnknownParameter", "Colour", "DescribeLiveDomains", {"Colour": "red"}, {}),
        ("unknown: in an object", "UnknownParameter", "FlvParam.Colour", "CreateLiveRecordTemplate",
         {"TemplateName": "r", "FlvParam": {"Enable": 1, "Colour": "red"}}, {}),
        ("fault", "InternalError", "", "DescribeLiveCallbackRules", {}, {}),
        ("fault: permission", "UnauthorizedOperation", "", "DescribeLiveRecordRules", {}, {}),
    )
