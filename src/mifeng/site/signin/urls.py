"""/account/…"""

from django.urls import path

from mifeng.site.signin import views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("locked/", views.unlock, name="locked"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.password, name="password"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("invitation/", views.invitation, name="invitation"),
    path("language/", views.language, name="language"),
    path("lock/", views.lock, name="lock"),
]
