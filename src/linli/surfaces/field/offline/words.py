"""Every word that the shell's script shows, as the page hands them over: scripts carry no texts of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Return the shell's words by name; ``{n}`` and the like are filled in by the script."""
    return {**_bars(), **_lists(), **_outbox(), **_locking(), **_forms()}


def _bars() -> dict[str, str]:
    return {
        "today": _("今日"),
        "calls": _("走访"),
        "outbox": _("待上传"),
        "offline": _("离线"),
        "online": _("有网了"),
        "waitingN": _("{n} 条待上传"),
        "openOnline": _("回到联网页面"),
        "back": _("返回"),
        "asOf": _("这是 {at} 存下的，联网后自动更新。"),
        "noPack": _("手机里还没有今天的内容。请在有网的地方打开一次“今日”，再出门。"),
    }


def _lists() -> dict[str, str]:
    return {
        "mine": _("等我办"),
        "errand": _("顺路复看"),
        "near": _("片区里在办的"),
        "allDone": _("都办完了"),
        "allDoneHint": _("看到问题，点下面的“上报”。"),
        "nobodyToCall": _("今天没有要上门的。"),
        "urgent": _("紧急"),
        "dueBy": _("{at}前"),
        "overdue": _("已超时"),
        "walk": _("按路线排"),
        "walkFailed": _("定位没有成功，按时限排。"),
        "metres": _("约 {n} 米"),
        "kilometres": _("约 {n} 公里"),
        "before": _("处理前的照片"),
        "beforeHint": _("处理前，请站在同一个地方看"),
        "nothingOffline": _("这件事没有网时不能办，联网后再打开。"),
        "notHere": _("手机里没有这件事，联网后再打开。"),
        "unsentHere": _("这件事有一条还没上传"),
        "call": _("打电话"),
    }


def _outbox() -> dict[str, str]:
    return {
        "waiting": _("待上传"),
        "done": _("已上传"),
        "refused": _("被退回"),
        "conflict": _("别人办过了"),
        "emptyOutbox": _("没有要上传的。"),
        "madeAt": _("{at} 办的"),
        "photosN": _("{n} 张照片"),
        "triesN": _("试过 {n} 次，会自己再传"),
        "sendNow": _("现在上传"),
        "discard": _("不要了"),
        "discardSure": _("确定不要这一条？它还没有上传，删掉就没有了。"),
        "edit": _("改一改再交"),
        "look": _("看看"),
        "theirs": _("别人办的"),
        "mineDid": _("我办的"),
        "nowAt": _("现在是“{stage}”"),
        "stillDo": _("看过了，仍按我的办"),
        "cannotDo": _("这一步已经办不了了。需要补充的，联网后打开这件事再写。"),
        "others": _("这部手机里还有另一个人的 {n} 条没有上传，请他登录后上传。"),
        "lost": _(
            "原来有 {n} 条没上传，现在没有了：浏览器清掉了手机里存的内容。请补报；存过交接文件的，到办公电脑上交。"
        ),
        "lostSeen": _("知道了"),
        "handIn": _("存成交接文件"),
        "handInHint": _("一直没有网时用：文件是加密的，拿到办公电脑上，登录后在“交接文件”里上交。"),
        "handInDone": _("已存好 {n} 条。文件交上去以前，不要清理手机。"),
        "space": _("手机存储：已用 {used}，还可用 {room}。"),
        "keptYes": _("浏览器答应保留这些内容。"),
        "keptNo": _("浏览器没有答应保留：空间不够时它可能自己清掉。请早点联网上传，或存成交接文件。"),
        "full": _("手机空间不够，这一条没有存下。填的还在这一页：请先上传或清出空间，再按一次。"),
        "keep": _("请浏览器保留"),
        "signIn": _("登录已过期。没上传的都在手机里，请重新登录。"),
        "signInGo": _("去登录"),
    }


def _locking() -> dict[str, str]:
    return {
        "pinTitle": _("输入密码开锁"),
        "pinHint": _("六位数字，是您在这部手机上设的。"),
        "pinOpen": _("开锁"),
        "pinWrong": _("密码不对，请再试。错十次要联网登录才能打开。"),
        "pinNone": _("这部手机还没有设离线密码，或者已经锁上。请联网登录一次；没上传的都还在。"),
        "expired": _("超过 72 小时没有联网，今天的名单已从手机删除。没上传的都还在：请联网登录。"),
        "pinSet": _("设离线密码"),
        "pinSetHint": _("六位数字。没有网时用它打开今天的名单。"),
        "pinAgain": _("再输一遍"),
        "pinDiffers": _("两遍不一样，请重新输。"),
        "pinSix": _("请输六位数字。"),
        "pinKept": _("密码设好了。没有网也能用了。"),
        "pinIsSet": _("离线密码已设好"),
        "lock": _("锁上"),
        "lostKey": _("打开这部手机里的内容要用的密钥已停用，请联系系统管理员。"),
    }


def _forms() -> dict[str, str]:
    return {
        "save": _("存下，有网就上传"),
        "saved": _("已存在手机里，有网自动上传。"),
        "sentAlready": _("已上传。"),
        "photo": _("要上传的照片"),
        "remove": _("去掉这张"),
        "kept": _("已存"),
        "mostPhotos": _("照片已够，先去掉一张再加。"),
        "hereKept": _("已记下位置，上传时对到网格。"),
        "hereFinding": _("正在定位…"),
        "hereFailed": _("定位没有成功，请选网格。"),
        "goHere": _("用我现在的位置"),
        "formOld": _("手机里没有这张表了，请联网后再改。"),
    }
