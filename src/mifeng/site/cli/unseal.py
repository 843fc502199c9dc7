"""`mifeng unseal`: open the vault of the service that runs on this machine, from its console."""

import getpass
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


def main(argv: list[str]) -> int:
    """Ask for one share or the passphrase and hand it to the running service; exit 0 when it is open."""
    from mifeng.site import env  # start-up time of a verb

    base = f"http://127.0.0.1:{env.read().port}"
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    try:
        page = browser.open(f"{base}/unseal/", timeout=5).read().decode()
    except OSError:
        print("服务没有在本机运行 / the service is not running here", file=sys.stderr)
        return 3
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = urllib.parse.urlencode({"share": getpass.getpass("份额或口令短语: "), "csrfmiddlewaretoken": token})
    try:
        browser.open(f"{base}/unseal/", form.encode(), timeout=60)
        with urllib.request.urlopen(f"{base}/health/ready", timeout=5) as answer:  # noqa: S310  # our own address
            print("已启封 / open")
            return 0 if answer.status == 200 else 1
    except urllib.error.HTTPError as refused:
        print("未启封:份额不符或还缺一份 / not open yet", file=sys.stderr)
        return 1 if refused.code in (403, 503) else 2
