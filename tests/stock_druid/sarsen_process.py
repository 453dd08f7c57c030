"""The program at work, until the block ends."""

import subprocess
import tempfile
import time
import urllib.request

import cluster


class Sarsen:
    def __init__(self, program, port, *options):
        self.url = f"http://127.0.0.1:{port}"
        self.data = tempfile.TemporaryDirectory(prefix="sarsen-differ-")
        self.process = subprocess.Popen([program, "serve", *options, "--port", str(port), "--data", self.data.name],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url + "/status/health", timeout=1).read()
                return self
            except OSError:
                time.sleep(0.1)
        raise cluster.Failure("sarsen does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.data.cleanup()
